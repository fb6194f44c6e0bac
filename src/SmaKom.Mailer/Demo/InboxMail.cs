using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MimeKit;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Demo;

/// <summary>A received mail as the page shows it.</summary>
/// <param name="Signatures">What DKIM says; the key is our own, since a sample run publishes none in DNS.</param>
public sealed record OpenedMail(long Id, MimeMessage Mail, string Source, IReadOnlyList<DkimVerdict> Signatures);

/// <summary>Opens mails of the sample inbox.</summary>
public sealed class InboxReader(InboxStore store, IOptions<DkimOptions> dkim, IOptions<SenderOptions> sender, TimeProvider time)
{
    public async Task<OpenedMail?> OpenAsync(long id, CancellationToken ct)
    {
        if (await store.ReadAsync(id, ct) is not { } bytes) return null;
        var mail = ReceivedMail.Read(bytes);
        return new(id, mail, System.Text.Encoding.UTF8.GetString(bytes), new ReceivedSignatures(FindKey).Verify(mail, time.GetUtcNow()));
    }

    /// <summary>The mail's HTML, with its links opening over the frame that it stands in; null without an HTML part.</summary>
    public async Task<string?> FrameAsync(long id, CancellationToken ct)
    {
        if (await OpenAsync(id, ct) is not { Mail.HtmlBody: { } html }) return null;
        var head = html.IndexOf("<head>", StringComparison.OrdinalIgnoreCase);
        return html.Insert(head < 0 ? 0 : head + "<head>".Length, "<base target=\"_top\">");
    }

    private string? FindKey(string selector, string domain)
    {
        var options = dkim.Value;
        if (options.PrivateKeyFile == "" || selector != options.Selector || domain != (options.Domain == "" ? sender.Value.Domain : options.Domain))
            return null;
        using var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(options.PrivateKeyFile));
        return $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}";
    }
}
