using System.Security.Cryptography.X509Certificates;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>What a receiver offers, and where it draws lines.</summary>
public sealed record SmtpReceiverOptions
{
    /// <summary>The name in the greeting (RFC 5321 §4.2).</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Octets. A sender that goes on after twice as many is cut off.</summary>
    public long MaxMessageSize { get; init; } = 25 * 1024 * 1024;

    /// <summary>For one message; RFC 5321 §4.5.3.1.8 asks for 100 at least.</summary>
    public int MaxRecipients { get; init; } = 100;

    /// <summary>Commands refused with 5xx before the session is ended with 421.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Silence of the sender before the session is ended (RFC 5321 §4.5.3.2.7).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public bool Chunking { get; init; } = true;

    public bool Smtputf8 { get; init; } = true;

    /// <summary>Speak LMTP (RFC 2033): LHLO in place of EHLO, and after the letter an answer for each recipient.</summary>
    public bool IsLmtp { get; init; }

    /// <summary>Take letters with a CR or LF that is not part of CRLF, as they are. Only for what is never sent on (SMTP smuggling).</summary>
    public bool AcceptBareLineEnds { get; init; }

    /// <summary>With its private key; null: STARTTLS is not offered.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Checks a name and a password; null: AUTH is not offered.</summary>
    public Func<string, string, CancellationToken, ValueTask<bool>>? Authenticate { get; init; }

    /// <summary>530 to MAIL before AUTH.</summary>
    public bool RequireAuthentication { get; init; }

    /// <summary>Offer AUTH without TLS, too: only for a sender on this machine.</summary>
    public bool AllowPlaintextAuth { get; init; }
}
