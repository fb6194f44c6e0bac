namespace SmaKom.Mailer.Accounts.Frame;

/// <summary>Names the resource files of the admin area's frame and overview: <c>AdminWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class AdminWords;
