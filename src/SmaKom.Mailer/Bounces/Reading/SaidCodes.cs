using System.Globalization;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>The codes that stand in a server's words: 550 5.1.1 in "host mx.example said: 550 5.1.1 …".</summary>
internal static partial class SaidCodes
{
    public static (EnhancedCode? Status, int? Code) In(string words)
    {
        var text = PlainWords.Cut(words, PlainWords.MaxRead);
        EnhancedCode? status = null;
        foreach (Match match in Enhanced().Matches(text))
        {
            if (Parse(match) is not { } found) continue;
            // 5.1.0 and 5.0.0 are what gateways put before the code that they were given.
            if (found.Detail != 0) { status = found; break; }
            status ??= found;
        }

        var code = Reply().Match(text);
        return (status, code.Success ? int.Parse(code.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>5.1.1 in "5.1.1 (bad destination mailbox)"; null: none that RFC 3463 allows.</summary>
    public static EnhancedCode? Status(string? field) =>
        field is not null && Enhanced().Match(field) is { Success: true } match ? Parse(match) : null;

    private static EnhancedCode? Parse(Match match)
    {
        var code = new EnhancedCode(Number(match, 1), Number(match, 2), Number(match, 3));
        // 5.0.900 and above are what readers of bounces invent.
        return code.Subject <= 9 ? code : null;
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?!\.?[0-9])", RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 500)]
    private static partial Regex Enhanced();

    [GeneratedRegex(@"(?<![\w.\-/:])([45][0-9]{2})(?=[ \-:]|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Reply();
}
