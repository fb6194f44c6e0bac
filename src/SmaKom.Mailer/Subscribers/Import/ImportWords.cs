namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>Names the resource files of words about rows and addresses: <c>ImportWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class ImportWords;
