namespace SmaKom.Mailer.Health;

/// <summary>
/// Names the resource files of the overview's words: <c>HealthWords.resx</c> (Swedish), <c>.en.resx</c>. What is found has its words in
/// <see cref="Findings.FindingWords"/>.
/// </summary>
public sealed class HealthWords;
