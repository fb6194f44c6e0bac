namespace SmaKom.Mailer.Issues.Halts;

/// <summary>Names the resource files of the words about halted issues: <c>HaltWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class HaltWords;
