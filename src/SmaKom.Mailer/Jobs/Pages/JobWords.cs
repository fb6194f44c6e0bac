namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>Names the resource files of the pages of jobs: <c>JobWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class JobWords;
