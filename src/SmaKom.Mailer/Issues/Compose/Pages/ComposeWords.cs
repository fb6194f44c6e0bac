namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>Names the resource files of the composer's pages: <c>ComposeWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class ComposeWords;
