using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.Receiver;

/// <summary>What follows <c>MAIL FROM:</c> or <c>RCPT TO:</c> (RFC 5321 §4.1.2).</summary>
internal sealed record PathArgument(string Address, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsAscii => Ascii.IsValid(Address);

    /// <exception cref="FormatException">Not a path in angle brackets.</exception>
    public static PathArgument Parse(string text)
    {
        // Many senders write a blank after the colon; RFC 5321 §3.3 forbids it, and nobody refuses it.
        text = text.TrimStart(' ');
        var close = ClosingBracket(text);
        var address = text[1..close];
        // A source route is ignored (RFC 5321 appendix C).
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            address = address[(colon + 1)..];
        if (address.Any(c => char.IsControl(c) || c == '\uFFFD') || Encoding.UTF8.GetByteCount(address) > 254)
            throw new FormatException("not an address");
        var at = address.LastIndexOf('@');
        if (address.Length > 0 && !address.Equals("postmaster", StringComparison.OrdinalIgnoreCase) && (at <= 0 || at == address.Length - 1))
            throw new FormatException("not of the form local@domain");
        return new(address, text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2)).DistinctBy(p => p[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(p => p[0], p => p.ElementAtOrDefault(1) ?? "", StringComparer.OrdinalIgnoreCase));
    }

    private static int ClosingBracket(string text)
    {
        var quoted = false;
        for (var i = 1; text.StartsWith('<') && i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '>' && !quoted)
                return i;
        }
        throw new FormatException("angle brackets missing");
    }
}
