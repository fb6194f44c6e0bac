namespace SmaKom.Mailer.Accounts;

/// <summary>Names the resource files of words around logging in: <c>AccountWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class AccountWords;
