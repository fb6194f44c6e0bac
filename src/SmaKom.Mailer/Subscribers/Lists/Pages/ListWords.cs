namespace SmaKom.Mailer.Subscribers.Lists.Pages;

/// <summary>Words of the pages of lists.</summary>
public sealed class ListWords;
