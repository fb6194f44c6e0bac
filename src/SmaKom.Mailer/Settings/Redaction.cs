using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// A second fence for text that is kept and shown: what reads as a mail address, a password or a token is taken out. The first is
/// that nobody logs them.
/// </summary>
public static partial class Redaction
{
    private const string LeftOut = "(text left out: it could not be searched for addresses in time)";

    /// <summary>Well-formed, too: what was not foreseen must not be what cannot be stored.</summary>
    public static string Clean(string text)
    {
        try
        {
            return Token().Replace(Secret().Replace(Address().Replace(UnicodeText.WellFormed(text), "(address)"), "$1=(secret)"), "(token)");
        }
        catch (RegexMatchTimeoutException)
        {
            // Whoever logs must not fail of it, and what was not looked through must not be kept.
            return LeftOut;
        }
    }

    /// <summary>A server's words about us or an organisation: what reads as a mail address is taken out, and nothing else.</summary>
    public static string WithoutAddresses(string text)
    {
        try
        {
            return Address().Replace(UnicodeText.WellFormed(text), "(address)");
        }
        catch (RegexMatchTimeoutException)
        {
            return LeftOut;
        }
    }

    /// <summary>
    /// Control characters, and those that end a line or turn the direction of writing, as <c>\u001b</c>: a terminal obeys none of them.
    /// </summary>
    /// <param name="keepLines">Line ends and tabs stay: a stack trace has many lines.</param>
    public static string Visible(string text, bool keepLines = false)
    {
        if (!text.Any(Hides)) return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (!Hides(c)) visible.Append(c);
            else visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return visible.ToString();

        bool Hides(char c) =>
            (char.IsControl(c) && !(keepLines && c is '\n' or '\r' or '\t'))
            || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
    }

    /// <summary>What failures of one kind have in common: the exception's type and first line, without numbers, ids and addresses.</summary>
    public static string CauseOf(Exception e)
    {
        var message = Clean(e.Message.Split('\n')[0].Trim());
        message = Number().Replace(Quoted().Replace(message, "\"…\""), "#");
        return UnicodeText.Shorten($"{e.GetType().Name}: {message}", 200);
    }

    [GeneratedRegex(@"[^\s<>""'(),:;=]+@[^\s<>""'(),:;]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(password|pwd|passwd|secret|token|api[-_ ]?key|authorization)\s*[=:]\s*[^\s;,&]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Secret();

    // 20 characters or more with a digit among them, in one piece: signed links, keys in base64 or base32, GUIDs.
    [GeneratedRegex(@"(?<![A-Za-z0-9_\-+])(?=[A-Za-z_\-+]*[0-9])[A-Za-z0-9_\-+]{20,}(?:/[A-Za-z0-9_\-+/]+)?={0,2}", RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"""[^""]*""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();
}
