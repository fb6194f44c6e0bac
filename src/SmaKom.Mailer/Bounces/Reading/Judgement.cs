using System.Globalization;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>What one refusal means.</summary>
/// <param name="IsByWords">A phrase decided; else a code.</param>
internal readonly record struct Judgement(BounceClass Class, bool IsOfDomain, string Rule, bool IsByWords)
{
    private sealed record Phrase(string Rule, BounceClass Class, bool IsOfDomain, string Status, Wording Words);

    private static readonly Phrase[] Phrases =
        [.. WordTable.Rows("phrases.tsv", 6)
            .Select(row => new Phrase(row[0], ClassOf(row[1]), row[2] == "domain", row[3] == "-" ? "" : row[3], new(row[4])))];

    private static readonly Wordings AnyPhrase = new([.. Phrases.Select(phrase => phrase.Words)]);

    private static readonly Dictionary<string, (BounceClass Class, bool IsOfDomain)> Codes =
        WordTable.Rows("codes.tsv", 3).ToDictionary(row => row[0], row => (ClassOf(row[1]), row[2] == "domain"));

    /// <summary>Words before codes: the first phrase of the table that stands in them; else what the code means.</summary>
    /// <param name="isOfReport">The status is whoever wrote the report's, not the refusing server's: 5.1.1 for any refusal of a recipient.</param>
    public static Judgement Of(EnhancedCode? status, int? code, string words, bool isOfReport = false)
    {
        var said = SaidCodes.In(words);
        var exact = said.Status ?? status;
        return ByWords(exact, said.Code ?? code, words) ?? ByCode(exact, said.Code ?? code, isOfReport && said.Status is null && words.Length > 0);
    }

    public static Judgement? ByWords(EnhancedCode? status, int? code, string words)
    {
        var (text, number) = (PlainWords.Of(words), status?.ToString() ?? "");
        if (text.Length == 0 || !AnyPhrase.MayBeIn(text)) return null;
        foreach (var phrase in Phrases)
        {
            if (phrase.Status.Length > 0 && !HasStatus(number, phrase.Status) || !phrase.Words.IsIn(text)) continue;
            return phrase.Class == BounceClass.Hard && Contradiction(phrase, status, code) is { } doubted
                ? new(doubted, phrase.IsOfDomain, phrase.Rule + "-doubted", true)
                : new(phrase.Class, phrase.IsOfDomain, phrase.Rule, true);
        }

        return null;
    }

    /// <summary>
    /// A code that says something else than "not there" makes it doubtful: one that passes, a mailbox that is there (5.2), policy (5.7) and
    /// protocol (5.5, 5.6); null: none does.
    /// </summary>
    private static BounceClass? Contradiction(Phrase phrase, EnhancedCode? status, int? code) => (phrase.IsOfDomain, status) switch
    {
        (true, { Class: 4 }) => BounceClass.Soft,
        (true, null) when code is >= 400 and < 500 => BounceClass.Soft,
        (true, _) => null,
        (false, { Class: 4 }) => BounceClass.Ambiguous,
        (false, { Subject: 2 or 4 or 5 or 6 or 7 }) when phrase.Status.Length == 0 => BounceClass.Ambiguous,
        (false, null) when code is (>= 400 and < 500) or (>= 500 and <= 504 and not 501) or (>= 530 and < 540) => BounceClass.Ambiguous,
        _ => null,
    };

    private static Judgement ByCode(EnhancedCode? status, int? code, bool isOfReport)
    {
        if (status is { Class: 2 }) return new(BounceClass.NotABounce, false, "code " + status, false);
        // 5.0.0 says no more than that it failed: the reply code may say more.
        foreach (var key in Keys(status, code))
        {
            if (!Codes.TryGetValue(key, out var meaning)) continue;
            return isOfReport && meaning.Class == BounceClass.Hard
                ? new(BounceClass.Ambiguous, meaning.IsOfDomain, $"code {key} of the report", false)
                : new(meaning.Class, meaning.IsOfDomain, "code " + key, false);
        }

        return new(BounceClass.Ambiguous, false, "nothing known", false);
    }

    private static IEnumerable<string> Keys(EnhancedCode? status, int? code)
    {
        if (status is { } full && full is not { Subject: 0 })
        {
            if (full.Class == 5)
            {
                yield return full.ToString();
                yield return Number($"5.{full.Subject}");
            }
            else
            {
                yield return full.ToString();
                yield return Number($"{full.Class}.{full.Subject}");
            }
        }

        if (status is { Class: 4 }) yield return "4";
        if (code is { } reply) yield return Number($"{reply}");
        if (code is >= 400 and < 500) yield return "4";
        if (status is { Class: 5 }) yield return "5";
    }

    private static string Number(FormattableString number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>5.2. fits 5.2.1; 5.2.1 fits no 5.2.10.</summary>
    private static bool HasStatus(string status, string wanted) =>
        wanted.EndsWith('.') ? status.StartsWith(wanted, StringComparison.Ordinal) : status == wanted;

    private static BounceClass ClassOf(string cell) => cell switch
    {
        "hard" => BounceClass.Hard,
        "ambiguous" => BounceClass.Ambiguous,
        "soft" => BounceClass.Soft,
        "ours" => BounceClass.Ours,
        _ => throw new InvalidDataException($"No class of a refusal: {cell}"),
    };
}
