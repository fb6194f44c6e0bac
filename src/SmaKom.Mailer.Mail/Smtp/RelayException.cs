namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What is wrong with a relay.</summary>
public enum RelayFailure
{
    /// <summary>No address, or no connection.</summary>
    Unreachable,

    /// <summary>A handshake that failed, or a certificate that is not the relay's.</summary>
    Tls,

    /// <summary>The relay takes nothing without encryption (530 or 538; RFC 3207 §4), and it is switched off here. A configuration fault.</summary>
    TlsRequired,

    /// <summary>STARTTLS is required here, and the relay does not offer it.</summary>
    TlsNotOffered,

    /// <summary>No greeting, and an answer to a TLS handshake: the port wants <see cref="TlsMode.Implicit"/>. A configuration fault.</summary>
    TlsFromStart,

    /// <summary>A greeting in plain text where TLS was begun: the port wants <see cref="TlsMode.StartTls"/>. A configuration fault.</summary>
    TlsAfterGreeting,

    /// <summary>The relay knows no TLS from 1.2 on (RFC 8996).</summary>
    TlsTooOld,

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

    /// <summary>5xx at the greeting or EHLO (RFC 5321 §3.1): the relay takes nothing from this machine.</summary>
    Unwelcome,
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
