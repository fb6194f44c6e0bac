namespace SmaKom.Mailer.Demo;

/// <summary>Names the resource files of the sample inbox: <c>InboxWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class InboxWords;
