namespace SmaKom.Mailer.Issues;

/// <summary>Names the resource files of what is found in an issue: <c>IssueWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class IssueWords;
