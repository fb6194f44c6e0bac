using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>How a connection to a relay becomes encrypted.</summary>
public enum TlsMode
{
    /// <summary>Never. For a relay on this machine, or a test.</summary>
    None,

    /// <summary>STARTTLS is required (RFC 3207); a relay that doesn't offer it is refused.</summary>
    StartTls,

    /// <summary>STARTTLS when the relay offers it. Open to an attacker who strips the offer.</summary>
    StartTlsWhenOffered,

    /// <summary>TLS from the first byte, usually on port 465 (RFC 8314 §3.3).</summary>
    Implicit,
}

/// <summary>How this program proves who it is (RFC 4954).</summary>
public enum AuthMechanism
{
    /// <summary>The strongest that both sides know: SCRAM-SHA-256, then PLAIN, then LOGIN; by MailKit also others that show no password.</summary>
    Auto,

    /// <summary>RFC 4616. Shows the password to the relay, so only over verified TLS.</summary>
    Plain,

    /// <summary>The older dialogue of the same strength as PLAIN; same rule.</summary>
    Login,

    /// <summary>RFC 7677. The password never leaves this machine.</summary>
    ScramSha256,

    /// <summary><see cref="RelayEndpoint.Password"/> is an OAuth 2.0 access token; same rule as PLAIN.</summary>
    XOAuth2,
}

/// <summary>A mail server that accepts our letters, and how to speak with it.</summary>
public sealed record RelayEndpoint
{
    /// <summary>DNS name or IP address. The certificate must carry the same name.</summary>
    public required string Host { get; init; }

    /// <summary>1–65535; 587 is submission (RFC 6409), 465 implicit TLS, 25 transfer between servers.</summary>
    public int Port { get; init; } = 587;

    public TlsMode Tls { get; init; } = TlsMode.StartTls;

    /// <summary>Null: no AUTH.</summary>
    public string? Username { get; init; }

    /// <summary>The password, or the access token for <see cref="AuthMechanism.XOAuth2"/>. Never printed.</summary>
    public string? Password { get; init; }

    public AuthMechanism Auth { get; init; } = AuthMechanism.Auto;

    /// <summary>
    /// The name said in EHLO: a name of this machine that DNS knows (RFC 5321 §4.1.1.1). The default
    /// is an address literal that every server on the same machine accepts; real relays want a name.
    /// </summary>
    public string HeloName { get; init; } = "[127.0.0.1]";

    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>Roots to trust instead of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Use BDAT where offered (RFC 3030).</summary>
    public bool UseChunking { get; init; } = true;

    /// <summary>Send commands in groups where offered (RFC 2920).</summary>
    public bool UsePipelining { get; init; } = true;

    /// <summary>
    /// Allow PLAIN, LOGIN and XOAUTH2 without TLS. Counts only when the connection ends on this
    /// machine (loopback); elsewhere it changes nothing.
    /// </summary>
    public bool AllowPlaintextAuth { get; init; }

    /// <exception cref="ArgumentException"><see cref="HeloName"/> cannot be said in EHLO.</exception>
    internal string CheckedHeloName => HeloName is { Length: > 0 and <= 255 } name && name.All(c => c is > ' ' and < '\u007f')
        ? name
        : throw new ArgumentException("HeloName must be a host name or an address literal in ASCII");

    internal string Peer => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    // A record prints every property; a log line must not become the place where the password leaks.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(Peer).Append(", ").Append(Tls);
        if (Username is not null)
            text.Append(", ").Append(Auth).Append(" with a password");
        return true;
    }
}
