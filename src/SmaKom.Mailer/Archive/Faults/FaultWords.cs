namespace SmaKom.Mailer.Archive.Faults;

/// <summary>Names the resource files of the form that reports accessibility faults: <c>FaultWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class FaultWords;
