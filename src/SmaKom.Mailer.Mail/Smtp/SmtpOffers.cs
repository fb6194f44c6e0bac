using System.Globalization;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What a relay said it can, in reply to EHLO (RFC 5321 §4.1.1.1). Empty after a HELO.</summary>
public sealed record SmtpOffers
{
    public static readonly SmtpOffers None = new();

    public bool Pipelining { get; init; }

    public bool Chunking { get; init; }

    public bool Smtputf8 { get; init; }

    public bool EightBitMime { get; init; }

    public bool Dsn { get; init; }

    public bool StartTls { get; init; }

    public bool HasSize { get; init; }

    /// <summary>Octets (RFC 1870); null: no limit was named.</summary>
    public long? MaxSize { get; init; }

    public IReadOnlyList<string> AuthMechanisms { get; init; } = [];

    /// <summary>The keywords as the relay wrote them.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    public static SmtpOffers Parse(SmtpReply reply)
    {
        var lines = reply.Whole.Split('\n')[1..];
        var offers = new SmtpOffers { Lines = lines };
        foreach (var line in lines)
        {
            // "AUTH=PLAIN" is how servers of the nineties wrote it, and some still do beside the right form.
            var words = line.Replace("AUTH=", "AUTH ", StringComparison.OrdinalIgnoreCase).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            offers = words[0].ToUpperInvariant() switch
            {
                "PIPELINING" => offers with { Pipelining = true },
                "CHUNKING" => offers with { Chunking = true },
                "SMTPUTF8" => offers with { Smtputf8 = true },
                "8BITMIME" => offers with { EightBitMime = true },
                "DSN" => offers with { Dsn = true },
                "STARTTLS" => offers with { StartTls = true },
                "SIZE" => offers with { HasSize = true, MaxSize = Limit(words) },
                "AUTH" => offers with { AuthMechanisms = [.. offers.AuthMechanisms.Union(words[1..], StringComparer.OrdinalIgnoreCase)] },
                _ => offers,
            };
        }
        return offers;
    }

    private static long? Limit(string[] words) =>
        words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size : null;
}
