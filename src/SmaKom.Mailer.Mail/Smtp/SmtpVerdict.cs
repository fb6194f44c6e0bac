namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What a reply means: for this person a value, for the relay an exception (RFC 5321 §4.2, RFC 3463).</summary>
internal sealed record SmtpVerdict(SendStatus Status, SmtpReply? Reply, string Stage)
{
    /// <returns>Null: the sender is taken.</returns>
    public static SmtpVerdict? OfMail(SmtpReply reply, RelayEndpoint relay)
    {
        const string stage = "MAIL FROM";
        return reply switch
        {
            { Code: 250 } => null,
            { Code: 530 or 535 } => throw MustAuthenticate(reply, relay, stage),
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

    /// <returns>Null: the recipient is taken.</returns>
    public static SmtpVerdict? OfRcpt(SmtpReply reply, RelayEndpoint relay)
    {
        const string stage = "RCPT TO";
        return reply switch
        {
            { Code: 250 or 251 } => null,
            { Code: 530 or 535 } => throw MustAuthenticate(reply, relay, stage),
            { IsTransient: true } => new(SendStatus.Deferred, reply, stage),
            _ when IsOutOfStep(reply) => throw Protocol(reply, relay, stage),
            { IsPermanent: true } => new(SendStatus.Refused, reply, stage),
            _ => throw Protocol(reply, relay, stage),
        };
    }

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

    // "Unknown command", "bad sequence", "unknown parameter": server and client no longer speak of the same command, and no
    // mailbox is to blame. An enhanced code beyond 5.5.x names another reason. 501 is not among them: older servers say by
    // it that they dislike this very address.
    private static bool IsOutOfStep(SmtpReply reply) =>
        reply is { Code: 500 or 502 or 503 or 504 or 555, Enhanced: null or { Subject: 5 } };

    private static RelayException MustAuthenticate(SmtpReply reply, RelayEndpoint relay, string stage) =>
        new(RelayFailure.Authentication, $"{relay.Peer} wants a name and a password: {reply}", stage, reply);

    private static RelayException Protocol(SmtpReply reply, RelayEndpoint relay, string stage) =>
        new(RelayFailure.Protocol, $"{relay.Peer} answers {stage} out of step: {reply}", stage, reply);
}
