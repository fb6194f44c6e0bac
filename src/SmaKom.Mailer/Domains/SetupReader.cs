using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Domains.Checks;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Domains;

/// <summary>How this installation sends, from its settings and its relays.</summary>
public sealed class SetupReader(
    NpgsqlDataSource source, IOptions<SenderOptions> sender, IOptions<DkimOptions> dkim, IOptions<SiteOptions> site)
{
    private readonly Lazy<SigningKey?> signing = new(() => KeyOf(dkim.Value, sender.Value.Domain));

    public async Task<SendingSetup> ReadAsync(CancellationToken ct)
    {
        var from = sender.Value.Domain.ToLowerInvariant();
        return new(from, sender.Value.BounceDomain.ToLowerInvariant(), ReportsTo(from), signing.Value, await RelaysAsync(ct),
            new Uri(site.Value.PublicUrl).Scheme == Uri.UriSchemeHttps);
    }

    // Into another domain reports come only when that domain agrees (RFC 9990 §4).
    private string ReportsTo(string from) =>
        EmailAddress.Parse(sender.Value.ContactEmail) is var office && office.Domain.Equals(from, StringComparison.OrdinalIgnoreCase)
            && office.Key.All(char.IsAscii) ? office.Text : $"dmarc@{from}";

    private async Task<IReadOnlyList<string>> RelaysAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT DISTINCT lower(host) FROM relay WHERE enabled ORDER BY 1");
        var hosts = new List<string>();
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) hosts.Add(rows.GetString(0));
        return hosts;
    }

    private static SigningKey? KeyOf(DkimOptions dkim, string from)
    {
        if (dkim.PrivateKeyFile == "") return null;
        using var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(dkim.PrivateKeyFile));
        var domain = dkim.Domain == "" ? from : EmailAddress.Parse($"x@{dkim.Domain}").Domain;
        return new(domain.ToLowerInvariant(), dkim.Selector, rsa.ExportSubjectPublicKeyInfo());
    }
}
