namespace SmaKom.Mailer.Issues;

/// <summary>Something that whoever queues an issue should know.</summary>
/// <param name="Blocks">The issue cannot be queued; else it is a warning.</param>
/// <param name="Place">Where in the content, as in its JSON: <c>sections[2].blocks[0].heading</c>; null: the issue as a whole.</param>
/// <param name="Words">What is wrong and how to mend it, in the language of whoever asks.</param>
/// <param name="Kind">Which: a key in <c>IssueWords.resx</c>, or in the templates' <c>ContentProblems.resx</c>.</param>
public sealed record IssueFinding(bool Blocks, string? Place, string Words, string Kind)
{
    /// <summary>No test letter of the content as it is has been taken by a server. An administrator may go on without.</summary>
    public const string NoTestLetter = "NoTestLetter";

    /// <summary>One is on its way.</summary>
    public const string TestLetterUnderWay = "TestLetterUnderWay";

    /// <summary>Where it is mended, when that is no field of the content; null: it is, or editors have no page for it.</summary>
    public string? Where { get; init; }

    /// <summary>An administrator may queue the issue all the same.</summary>
    public bool MayBeWaived => Kind is NoTestLetter or TestLetterUnderWay;
}
