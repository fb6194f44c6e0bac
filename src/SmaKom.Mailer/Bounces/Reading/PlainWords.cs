using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>A server's words made comparable, and made short.</summary>
internal static partial class PlainWords
{
    /// <summary>Of one mail's or recipient's words; what stands further behind decides nothing.</summary>
    public const int MaxRead = 16_000;

    private const int MaxKept = 500;

    /// <summary>
    /// Small letters, one space between, straight apostrophes, <c>@</c> for each address, no web addresses: a name or a link that
    /// contains "user-unknown" says nothing.
    /// </summary>
    public static string Of(string words)
    {
        var text = Cut(words, MaxRead).ToLowerInvariant().Replace('\u2019', '\'').Replace('\u2018', '\'').Replace('`', '\'');
        text = WebAddress().Replace(text, " ");
        text = MailAddress().Replace(text, "@");
        return Space().Replace(text, " ").Trim();
    }

    /// <summary>On one line, for people.</summary>
    public static string Kept(string words)
    {
        var line = Space().Replace(UnicodeText.Line(Cut(words, MaxRead)), " ").Trim();
        // Postfix tells whom it asked, and what it had said itself.
        var said = line.IndexOf(" said: ", StringComparison.Ordinal);
        if (said >= 0) line = line[(said + " said: ".Length)..];
        var reply = line.IndexOf(" (in reply to ", StringComparison.Ordinal);
        if (reply > 0) line = line[..reply];
        return UnicodeText.Truncate(line, MaxKept).TrimEnd();
    }

    public static string Cut(string text, int most) => UnicodeText.Truncate(text, most);

    // Longer local parts and domains exist in no address (RFC 5321 §4.5.3.1).
    [GeneratedRegex(@"[<""']?[^\s<>()\[\]"",;:@]{1,64}@[^\s<>()\[\]"",;:@']{1,255}[>""']?", RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 500)]
    private static partial Regex MailAddress();

    [GeneratedRegex(@"https?://[^\s<>""]{1,2000}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Space();
}
