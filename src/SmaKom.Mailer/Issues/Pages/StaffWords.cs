namespace SmaKom.Mailer.Issues.Pages;

/// <summary>Names the resource files of the staff pages' words: <c>StaffWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class StaffWords;
