namespace SmaKom.Mailer.Subscribers;

/// <summary>Names the resource files of what subscribers read: <c>SubscriberWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class SubscriberWords;
