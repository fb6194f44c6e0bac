using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What an inbox shows of a letter before it is opened: the subject and the line after it.</summary>
internal static class HeadChecks
{
    /// <summary>Characters. A list on a telephone shows 30 to 40, on a desk about 60 (Gmail, Outlook); the rest is cut.</summary>
    public const int LongestSubject = 60;

    /// <summary>Letters. Shorter ones are names: ”VAFAB”, ”SKR”.</summary>
    public const int ShortestShout = 10;

    /// <summary>Characters, letters and digits only. A subject so short may well stand in a sentence.</summary>
    public const int ShortestRepeat = 10;

    public static IEnumerable<IssueFlaw> Find(IssueContent content)
    {
        if (content.Subject.Length > LongestSubject)
            yield return IssueFlaw.Warn("subject", "SubjectLong", content.Subject.Length, LongestSubject);
        if (content.Subject.Where(char.IsLetter).ToList() is var letters && letters.Count >= ShortestShout && letters.All(char.IsUpper))
            yield return IssueFlaw.Warn("subject", "SubjectShouts");
        if (content.Preheader.Length > IssueContent.PreheaderLimit)
            yield return IssueFlaw.Warn("preheader", "PreheaderLong", content.Preheader.Length, IssueContent.PreheaderLimit);
        if (PlainText.Key(content.Subject) is { Length: >= ShortestRepeat } subject
            && PlainText.Key(content.Preheader).Contains(subject, StringComparison.Ordinal))
            yield return IssueFlaw.Warn("preheader", "PreheaderRepeats");
    }
}
