using System.Globalization;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>A language as people write it, in Swedish, in English, in itself or as a tag (BCP 47): Svenska, sv-SE, SV, English.</summary>
internal static class WrittenLanguage
{
    private static readonly string[] Swedish = ["svensk", "swedish", "swe"];
    private static readonly string[] English = ["engelska", "eng"];

    /// <summary>Null: none that the letter has.</summary>
    public static string? Read(string text)
    {
        var word = text.Split('-', '_', ' ')[0];
        return Languages.All.FirstOrDefault(language => NamesOf(language).Contains(word, StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> NamesOf(string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        return [language, culture.ThreeLetterISOLanguageName, culture.NativeName, culture.EnglishName,
            .. language switch { "sv" => Swedish, "en" => English, _ => [] }];
    }
}
