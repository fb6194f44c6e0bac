namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>The words of <c>kinds.tsv</c>, by which a mail without a machine-readable part is told from another.</summary>
internal static class KindMarks
{
    private static readonly Dictionary<(string Kind, string Where), Wordings> Marks =
        WordTable.Rows("kinds.tsv", 3).GroupBy(row => (row[0], row[1]), row => new Wording(row[2]))
            .ToDictionary(marks => marks.Key, marks => new Wordings([.. marks]));

    /// <param name="text">As <see cref="PlainWords.Of"/> makes it, or in small letters at least.</param>
    public static bool Has(string kind, string where, string text) => Marks[(kind, where)].IsAnyIn(text);
}
