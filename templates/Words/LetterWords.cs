namespace SmaKom.Mailer.Templates.Words;

/// <summary>Letter.resx in one language.</summary>
public sealed class LetterWords(string language)
{
    private static readonly Wordbook Book = new("Letter");

    public string Language { get; } = language;

    public string this[string key] => Book.Get(key, Language);

    /// <summary>A text with {0}, {1} … filled in.</summary>
    public string With(string key, params object[] values) =>
        Plurals.Format(this[key], values);
}
