using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Health;

/// <summary>Settings that are fit for a trial and not for earnest use.</summary>
public sealed class SettingChecks(
    IOptions<SiteOptions> site, IOptions<SenderOptions> sender, IOptions<DkimOptions> dkim, IOptions<AccountsOptions> accounts,
    IOptions<InboxOptions> inbox, IConfiguration configuration) : ICheck
{
    private static readonly string[] Guessable = ["smakom", "postgres", "password", "sample", "secret", "changeme", "mailer", "admin", "1234"];

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Finding>>(inbox.Value.Enabled ? [new(FindingKind.SampleRun, Severity.Note)] : [.. Look()]);

    private IEnumerable<Finding> Look()
    {
        if (new Uri(site.Value.PublicUrl) is { Scheme: "http" })
            yield return new(FindingKind.PublicUrlUnsafe, Severity.Warning, site.Value.PublicUrl);
        if (ReservedDomain.IsExample(sender.Value.Domain)) yield return new(FindingKind.SenderSample, Severity.Warning, sender.Value.Domain);
        if (dkim.Value.PrivateKeyFile == "") yield return new(FindingKind.DkimMissing, Severity.Warning, sender.Value.Domain);
        if (accounts.Value.AllowSampleLogin) yield return new(FindingKind.SampleLoginOpen, Severity.Fault);
        if (HasGuessablePassword()) yield return new(FindingKind.DatabasePasswordWeak, Severity.Warning);
    }

    private bool HasGuessablePassword() => configuration.GetConnectionString("Mailer") is { } given
        && new NpgsqlConnectionStringBuilder(given) is var at && (at.Password ?? configuration["PGPASSWORD"]) is { } password
        && (Guessable.Contains(password, StringComparer.OrdinalIgnoreCase) || password == at.Username);
}
