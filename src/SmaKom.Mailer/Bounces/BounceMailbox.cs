using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces;

/// <summary>The mailbox that bounces come to, as it is set.</summary>
public sealed class BounceMailbox(IMailboxClient client, IOptions<MailboxOptions> options)
{
    public bool IsSet => options.Value.Host != "";

    /// <summary>For people: whose, where, which folder.</summary>
    public string Address => $"{options.Value.Username}, {options.Value.Host}:{options.Value.Port}, {options.Value.Folder}";

    /// <summary>Longer letters are read this far, in octets.</summary>
    public int MaxLetterBytes => options.Value.MaxLetterBytes;

    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set.</exception>
    /// <exception cref="InvalidOperationException">Not set: ask first.</exception>
    public Task<IMailFolder> OpenAsync(CancellationToken ct) =>
        IsSet ? client.OpenAsync(Endpoint(options.Value), ct) : throw new InvalidOperationException("There is no mailbox");

    private static MailboxEndpoint Endpoint(MailboxOptions mailbox) => new()
    {
        Host = mailbox.Host,
        Port = mailbox.Port,
        Tls = mailbox.Tls,
        Username = mailbox.Username,
        Password = mailbox.Password,
        Auth = mailbox.Auth,
        Folder = mailbox.Folder,
        ReplyTimeout = mailbox.ReplyTimeout,
        TrustedRoots = TrustedRoots(mailbox.TrustedRootsFile),
        AllowPlaintextAuth = mailbox.AllowPlaintextAuth,
    };

    private static X509Certificate2Collection? TrustedRoots(string file)
    {
        if (file == "") return null;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }
}
