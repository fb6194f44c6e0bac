namespace SmaKom.Mailer.Templates.Words;

/// <summary>ContentProblems.resx.</summary>
internal static class Problems
{
    private static readonly Wordbook Book = new("ContentProblems");

    public static string Get(string key, string language) => Book.Get(key, language);
}
