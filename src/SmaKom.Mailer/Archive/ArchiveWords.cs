namespace SmaKom.Mailer.Archive;

/// <summary>Names the resource files of the public pages: <c>ArchiveWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class ArchiveWords;
