using System.Globalization;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// A mail address that can stand in an SMTP envelope (RFC 5321 §4.1.2, RFC 6531): checked, with the key that makes it unique.
/// Quoted local parts and address literals are refused: nobody subscribes with them, and they are a way to smuggle.
/// </summary>
public sealed record EmailAddress
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>As written, without surrounding space.</summary>
    public string Text { get; }

    /// <summary>Lower case, domain as A-label. Two addresses with the same key are the same person.</summary>
    public string Key { get; }

    /// <summary>The domain as lower-case A-label.</summary>
    public string Domain { get; }

    private EmailAddress(string text, string local, string domain)
    {
        Text = text;
        Domain = domain;
        Key = $"{local.ToLowerInvariant()}@{domain}";
    }

    /// <summary>
    /// False if <paramref name="input"/> is not an address; <paramref name="problem"/> then names a text resource of <c>EmailAddress.*</c>.
    /// </summary>
    public static bool TryParse(string? input, out EmailAddress address, out string problem)
    {
        address = null!;
        var text = (input ?? "").Trim();
        var isText = IsText(text);
        if (isText) text = text.Normalize();
        var at = text.LastIndexOf('@');
        problem = text switch
        {
            "" => "EmailAddress.Empty",
            _ when at < 0 => "EmailAddress.NoAt",
            _ when at == 0 => "EmailAddress.NoLocalPart",
            _ when at == text.Length - 1 => "EmailAddress.NoDomain",
            _ when text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) => "EmailAddress.Space",
            _ when !isText => "EmailAddress.LocalPart",
            _ => "",
        };
        if (problem != "") return false;

        var local = text[..at];
        if (!IsDotAtom(local) || System.Text.Encoding.UTF8.GetByteCount(local) > 64)
        {
            problem = "EmailAddress.LocalPart";
            return false;
        }

        if (AsciiDomain(text[(at + 1)..]) is not { } domain || local.Length + 1 + domain.Length > 254)
        {
            problem = "EmailAddress.Domain";
            return false;
        }

        address = new EmailAddress(text, local, domain);
        return true;
    }

    /// <summary>The address, or a <see cref="FormatException"/> naming what is wrong: for input that was checked before.</summary>
    public static EmailAddress Parse(string input) =>
        TryParse(input, out var address, out var problem) ? address : throw new FormatException(problem);

    // Half a surrogate pair, which is enumerated as U+FFFD, and U+FFFE are no characters: Normalize throws at them.
    private static bool IsText(string text) =>
        !text.Contains('\uFFFE', StringComparison.Ordinal) && text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);

    private static bool IsDotAtom(string local) =>
        local.Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomText));

    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || c > 0x9F || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain).ToLowerInvariant();
            var labels = ascii.Split('.');
            return labels.Length >= 2 && labels.All(l => l.Length is > 0 and <= 63) && !labels[^1].All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
