namespace SmaKom.Mailer.Issues.People.Pages;

/// <summary>Words of the pages of people.</summary>
public sealed class PeopleWords;
