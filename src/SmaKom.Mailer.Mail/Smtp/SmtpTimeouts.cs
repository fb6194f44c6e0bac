namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// How long to wait for the relay at each step; the defaults are the minimums of RFC 5321 §4.5.3.2.
/// Every value must be positive, or <see cref="Timeout.InfiniteTimeSpan"/>.
/// </summary>
public sealed record SmtpTimeouts
{
    /// <summary>TCP connect, all addresses of the host together.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The 220 greeting.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The TLS handshake, whole.</summary>
    public TimeSpan Tls { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>EHLO, STARTTLS, AUTH (each round), NOOP and RSET.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan Rcpt { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The 354 that answers DATA.</summary>
    public TimeSpan DataStart { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Handing one block of the letter to the network.</summary>
    public TimeSpan DataBlock { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The reply to the final dot. Too short a value doubles mail: the relay may already have it.</summary>
    public TimeSpan DataEnd { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The goodbye at dispose; nothing depends on it.</summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(5);
}
