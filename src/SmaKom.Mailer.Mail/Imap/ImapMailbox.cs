using System.Net.Security;
using MailKit.Net.Imap;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.MailKit;

namespace SmaKom.Mailer.Mail.Imap;

/// <summary>Reads mail through MailKit's IMAP client. One instance serves a whole process; thread-safe.</summary>
public sealed class ImapMailbox(TimeProvider? timeProvider = null) : IMailboxClient
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;

    public async Task<IMailFolder> OpenAsync(MailboxEndpoint mailbox, CancellationToken ct)
    {
        var dialogue = new ImapDialogue(mailbox);
        var socket = await RelaySocket.ConnectAsync(mailbox.Server, time, ct);
        // Letters come in as many pieces as they need, and each has the time.
        var pieces = 0;
        var wire = new RelayWire(socket, () => (dialogue.Stage == "LOGOUT" ? Goodbye : mailbox.ReplyTimeout, pieces++), time);
        var session = new ImapSession(mailbox, new MailboxReader(dialogue, new RelayCertificate(mailbox.Server, time)), wire, dialogue);
        try
        {
            return new ImapMailFolder(session, await session.OpenAsync(ct));
        }
        catch
        {
            session.Abort();
            throw;
        }
    }
}

/// <summary>MailKit's client with our rules for certificates.</summary>
internal sealed class MailboxReader(ImapDialogue dialogue, RelayCertificate certificate) : ImapClient(dialogue)
{
    /// <summary>In plain words, once the server's certificate has been refused.</summary>
    public string? Complaint => certificate.Complaint;

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback) =>
        certificate.OptionsFor(this, remoteCertificateValidationCallback);
}
