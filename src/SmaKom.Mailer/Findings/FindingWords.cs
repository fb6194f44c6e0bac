namespace SmaKom.Mailer.Findings;

/// <summary>
/// Names the resource files of health's words: <c>FindingWords.resx</c> (Swedish), <c>.en.resx</c>. Each finding has a title, what
/// happened, what was lost and what to do.
/// </summary>
public sealed class FindingWords;
