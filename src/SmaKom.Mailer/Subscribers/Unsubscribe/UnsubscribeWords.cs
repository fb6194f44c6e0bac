namespace SmaKom.Mailer.Subscribers.Unsubscribe;

/// <summary>Names the resource files of what a leaving reader sees: <c>UnsubscribeWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class UnsubscribeWords;
