using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What a reply means: for this person a value, for the relay an exception (RFC 5321 §4.2, RFC 3463).</summary>
internal sealed partial record SmtpVerdict(SendStatus Status, SmtpReply? Reply, string Stage)
{
    /// <returns>Null: the sender is taken.</returns>
    public static SmtpVerdict? OfMail(SmtpReply reply, RelayEndpoint relay)
    {
        const string stage = "MAIL FROM";
        return reply switch
        {
            { Code: >= 200 and < 300 } => null,
            { Code: 530 or 535 or 538 } => throw MustAuthenticate(reply, relay, stage),
            // The letter is too large, or its addresses are not for this relay: others may still go.
            { Code: 552 } or { Code: 553 or 550, Enhanced: { Subject: 6 } } => new(SendStatus.Refused, reply, stage),
            { IsTransient: true, Enhanced: { Subject: 3 or 7 } } =>
                throw new RelayException(RelayFailure.Busy, $"{relay.Peer} takes no letters now: {reply}", stage, reply),
            { IsTransient: true } => new(SendStatus.Deferred, reply, stage),
            _ when IsOutOfStep(reply) => throw Protocol(reply, relay, stage),
            { IsPermanent: true } => throw new RelayException(
                RelayFailure.SenderRefused, $"{relay.Peer} refuses the return path: {reply}", stage, reply),
            _ => throw Protocol(reply, relay, stage),
        };
    }

    /// <summary>Any 2xx takes the recipient (RFC 5321 §4.3.2): 251 and 252 say more, and no less.</summary>
    /// <returns>Null: the recipient is taken.</returns>
    public static SmtpVerdict? OfRcpt(SmtpReply reply, RelayEndpoint relay)
    {
        const string stage = "RCPT TO";
        return reply switch
        {
            { Code: >= 200 and < 300 } => null,
            { Code: 530 or 535 or 538 } => throw MustAuthenticate(reply, relay, stage),
            { IsPermanent: true } => new(SendStatus.Refused, reply, stage),
            _ => new(SendStatus.Deferred, reply, stage),
        };
    }

    /// <summary>What came in reply to one person's address is no reply at all: the relay is well, and this letter is tried again.</summary>
    public static SmtpVerdict OfNonsense(string stage) =>
        new(SendStatus.Deferred, new(451, new(4, 5, 0), "the server's answer was not an SMTP reply"), stage);

    /// <summary>DATA itself, or a BDAT before the last.</summary>
    /// <returns>Null: the relay takes the body.</returns>
    public static SmtpVerdict? OfBody(SmtpReply reply, int good, RelayEndpoint relay, string stage) => reply switch
    {
        _ when reply.Code == good => null,
        { IsTransient: true } => new(SendStatus.Deferred, reply, stage),
        _ when IsOutOfStep(reply) => throw Protocol(reply, relay, stage),
        { IsPermanent: true } => new(SendStatus.Refused, reply, stage),
        _ => throw Protocol(reply, relay, stage),
    };

    /// <returns>Null: no answer to a letter; what became of it is not known.</returns>
    public static SmtpVerdict? OfEnd(SmtpReply reply, string stage) => reply switch
    {
        { Code: >= 200 and < 300 } => new(SendStatus.Accepted, reply, stage),
        { IsTransient: true } => new(SendStatus.Deferred, reply, stage),
        _ when IsOutOfStep(reply) => null,
        { IsPermanent: true } => new(SendStatus.Refused, reply, stage),
        _ => null,
    };

    /// <summary>Server and client no longer speak of the same command: not a word more on this connection.</summary>
    public bool HasLostStep => Reply is { } reply && (IsOutOfStep(reply) || reply.Code is >= 300 and < 400);

    // "Unknown command", "bad sequence", "unknown parameter": server and client no longer speak of the same command, and no
    // mailbox is to blame. An enhanced code beyond 5.5.x names another reason. 501 is not among them: older servers say by
    // it that they dislike this very address.
    private static bool IsOutOfStep(SmtpReply reply) =>
        reply is { Code: 500 or 502 or 503 or 504 or 555, Enhanced: null or { Subject: 5 } };

    // 530 is also the reply to what comes unencrypted (RFC 3207 §4), and 538 to such a password (RFC 4954 §6).
    private static RelayException MustAuthenticate(SmtpReply reply, RelayEndpoint relay, string stage) => AsksForTls(reply)
        ? new(RelayFailure.TlsRequired, $"{relay.Peer} takes nothing without encryption: {reply}", stage, reply)
        : new(RelayFailure.Authentication, $"{relay.Peer} wants a name and a password: {reply}", stage, reply);

    /// <summary>Encryption is what the relay misses, not a name and a password.</summary>
    public static bool AsksForTls(SmtpReply? reply) =>
        reply is { Code: 538 } or { Code: 530 } && TlsWords().IsMatch(reply.Text);

    [GeneratedRegex(@"\b(STARTTLS|TLS|SSL|encrypt\w*|secure connection)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TlsWords();

    private static RelayException Protocol(SmtpReply reply, RelayEndpoint relay, string stage) =>
        new(RelayFailure.Protocol, $"{relay.Peer} answers {stage} out of step: {reply}", stage, reply);
}
