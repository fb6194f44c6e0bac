using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Mail.Imap;

/// <summary>A folder of a mail account on an IMAP server, and how to reach it.</summary>
public sealed record MailboxEndpoint
{
    /// <summary>DNS name or IP address. The certificate must carry the same name.</summary>
    public required string Host { get; init; }

    /// <summary>1–65535; 993 is implicit TLS (RFC 8314 §3.2), 143 STARTTLS.</summary>
    public int Port { get; init; } = 993;

    public TlsMode Tls { get; init; } = TlsMode.Implicit;

    public required string Username { get; init; }

    /// <summary>The password, or the access token for <see cref="AuthMechanism.XOAuth2"/>. Never printed.</summary>
    public required string Password { get; init; }

    public AuthMechanism Auth { get; init; } = AuthMechanism.Auto;

    /// <summary>Its path as the server writes it.</summary>
    public string Folder { get; init; } = "INBOX";

    /// <summary>TCP connect, all addresses of the host together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server may be silent while it is being waited for.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Roots to trust instead of the system's; null trusts the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Allow a password without TLS. Counts only when the connection ends on this machine (loopback).</summary>
    public bool AllowPlaintextAuth { get; init; }

    /// <summary>What is the same for a relay: how to connect, whom to trust, how to log in.</summary>
    internal RelayEndpoint Server => new()
    {
        Host = Host,
        Port = Port,
        Tls = Tls,
        Username = Username,
        Password = Password,
        Auth = Auth,
        TrustedRoots = TrustedRoots,
        AllowPlaintextAuth = AllowPlaintextAuth,
        Timeouts = new() { Connect = ConnectTimeout },
    };

    // A record prints every property; a log line must not become the place where the password leaks.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(Host).Append(':').Append(Port).Append(", ").Append(Tls).Append(", ").Append(Folder);
        return true;
    }
}
