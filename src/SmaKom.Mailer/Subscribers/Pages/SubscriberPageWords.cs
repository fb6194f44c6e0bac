namespace SmaKom.Mailer.Subscribers.Pages;

/// <summary>Names the resource files of the words of the subscribers' page: <c>SubscriberPageWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class SubscriberPageWords;
