namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What is wrong with a relay.</summary>
public enum RelayFailure
{
    /// <summary>No address, or no connection.</summary>
    Unreachable,

    /// <summary>No TLS where it is required, a handshake that failed, or a certificate that is not the relay's.</summary>
    Tls,

    /// <summary>Name or password refused (535), AUTH missing, or AUTH required (530). A configuration fault.</summary>
    Authentication,

    /// <summary>421 at any command (RFC 5321 §3.8), the final dot included: the relay is closing.</summary>
    ServiceClosing,

    /// <summary>No reply in time, before the final dot.</summary>
    Timeout,

    /// <summary>The connection was lost before the final dot.</summary>
    ConnectionLost,

    /// <summary>The relay answered something that SMTP does not allow.</summary>
    Protocol,

    /// <summary>
    /// 4xx that is nobody's in particular: at the greeting, EHLO or AUTH, and 4.3.x or 4.7.x at MAIL FROM (full, overloaded,
    /// too fast).
    /// </summary>
    Busy,

    /// <summary>MAIL FROM refused for good: the sender's address or this machine is not welcome. A configuration fault.</summary>
    SenderRefused,
}

/// <summary>
/// A relay's failure, never a person's. Thrown only when the letter at hand was surely not accepted. The message is
/// plain words that name host and port and hold no secret.
/// </summary>
public sealed class RelayException(
    RelayFailure kind, string message, string stage, SmtpReply? reply = null, Exception? inner = null)
    : Exception(message, inner)
{
    public RelayFailure Kind { get; } = kind;

    /// <summary>The reply that decided, if any came.</summary>
    public SmtpReply? Reply { get; } = reply;

    /// <summary>Where it happened: <c>connect</c>, <c>EHLO</c>, <c>STARTTLS</c>, <c>AUTH</c>, <c>MAIL FROM</c> …</summary>
    public string Stage { get; } = stage;
}
