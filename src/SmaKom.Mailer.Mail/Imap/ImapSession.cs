using MailKit;
using MailKit.Security;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.MailKit;

namespace SmaKom.Mailer.Mail.Imap;

/// <summary>A connection to a mailbox: every failure of it leaves here in our own words.</summary>
internal sealed class ImapSession(MailboxEndpoint mailbox, MailboxReader client, RelayWire wire, ImapDialogue dialogue)
{
    public MailboxReader Client => client;

    /// <exception cref="RelayException">No greeting, no TLS, no login, no such folder.</exception>
    public Task<global::MailKit.IMailFolder> OpenAsync(CancellationToken ct) => AskAsync(async () =>
    {
        await client.ConnectAsync(wire, mailbox.Host, mailbox.Port, MailKitTerms.Of(mailbox.Tls));
        await client.AuthenticateAsync(Mechanism());
        var folder = await client.GetFolderAsync(mailbox.Folder);
        await folder.OpenAsync(FolderAccess.ReadWrite);
        return folder;
    }, ct);

    public async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var cancellation = wire.AbortOn(ct);
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is not RelayException)
        {
            throw Failure(e);
        }
    }

    /// <summary>The next answers may hold so many octets of a letter.</summary>
    public void Expect(long octets) => dialogue.Expected = octets;

    public async ValueTask LogOutAsync()
    {
        // MailKit swallows what goes wrong after LOGOUT; a wire that is lost already is not asked.
        if (client.IsConnected)
            await client.DisconnectAsync(quit: true);
        Abort();
    }

    /// <summary>Closes at once, without a word to the server.</summary>
    public void Abort()
    {
        wire.Abort();
        client.Dispose();
    }

    private SaslMechanism Mechanism()
    {
        var mayShowPassword = client.IsSecure || (mailbox.AllowPlaintextAuth && wire.IsLoopback);
        return MailKitTerms.Of(AuthMechanisms.Choose(mailbox.Server, [.. client.AuthenticationMechanisms], mayShowPassword),
            mailbox.Username, mailbox.Password);
    }

    private Exception Failure(Exception e)
    {
        var peer = mailbox.Server.Peer;
        if (wire.IsCancelled)
            return new OperationCanceledException($"Cancelled at {dialogue.Stage}", e);
        if (dialogue.Refusal is { IsBye: true } bye)
            return New(RelayFailure.ServiceClosing, $"{peer} is closing the connection: {bye.Text}");
        if (wire.TimedOutAfter is { } span)
            return New(RelayFailure.Timeout, $"{peer} did not answer {dialogue.Stage} within {span.TotalSeconds:0.#} s");
        if (e is SslHandshakeException)
            return New(RelayFailure.Tls, $"No encrypted connection to {peer}: {client.Complaint ?? "the handshake failed"}");
        if (wire.IsLost)
            return New(RelayFailure.ConnectionLost, $"{peer} closed the connection at {dialogue.Stage}");
        return e switch
        {
            NotSupportedException when !client.IsAuthenticated => New(RelayFailure.Tls, $"{peer} does not offer STARTTLS, which is required"),
            FolderNotFoundException missing => New(RelayFailure.Protocol, $"{peer} has no folder {missing.FolderName}"),
            SaslException => New(RelayFailure.Protocol, $"{peer} broke off the authentication"),
            _ when dialogue.Refusal is { } refusal => Refused(refusal),
            _ => New(RelayFailure.Protocol, $"{peer} does not answer {dialogue.Stage} as IMAP demands"),
        };

        // MailKit's own exception is not passed on: what it holds is not ours to vouch for, and it ends in a log.
        RelayException New(RelayFailure kind, string message) => new(kind, message, dialogue.Stage, null, e as IOException);

        RelayException Refused(ImapRefusal refusal) => dialogue.Stage switch
        {
            _ when refusal.IsTemporary => New(RelayFailure.Busy, $"{peer} cannot do {dialogue.Stage} now: {refusal.Text}"),
            "STARTTLS" => New(RelayFailure.Tls, $"{peer} offers STARTTLS and refuses it: {refusal.Text}"),
            "AUTHENTICATE" => New(RelayFailure.Authentication, $"{peer} refuses the name or the password: {refusal.Text}"),
            var stage => New(RelayFailure.Protocol, $"{peer} refuses {stage}: {refusal.Text}"),
        };
    }
}
