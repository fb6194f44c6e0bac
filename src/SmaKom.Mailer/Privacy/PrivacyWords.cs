namespace SmaKom.Mailer.Privacy;

/// <summary>Names the resource files of what is said about people's data: <c>PrivacyWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class PrivacyWords;
