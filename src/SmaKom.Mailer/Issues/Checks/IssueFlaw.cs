namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What a check found, before it is put into words.</summary>
/// <param name="Blocks">The issue cannot be queued; else it is a warning.</param>
/// <param name="Place">As <see cref="IssueFinding.Place"/>.</param>
/// <param name="Kind">Key in <c>IssueWords.resx</c>.</param>
/// <param name="Facts">What the words name: text, numbers, days.</param>
public sealed record IssueFlaw(bool Blocks, string? Place, string Kind, IReadOnlyList<object> Facts)
{
    public static IssueFlaw Block(string? place, string kind, params object[] facts) => new(true, place, kind, facts);

    public static IssueFlaw Warn(string? place, string kind, params object[] facts) => new(false, place, kind, facts);

    /// <summary>The beginning of a text, to be known by.</summary>
    public static string Begin(string text) => Mail.UnicodeText.Shorten(text, LongestBeginning);

    private const int LongestBeginning = 60;
}
