namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>A language as people write it, in Swedish, English or as a tag (BCP 47): Svenska, sv-SE, SV, English.</summary>
internal static class WrittenLanguage
{
    private static readonly string[] Swedish = ["sv", "swe", "svenska", "svensk", "swedish"];
    private static readonly string[] English = ["en", "eng", "engelska", "english"];

    /// <summary>Null: none that the letter has.</summary>
    public static string? Read(string text) => text.Split('-', '_', ' ')[0] switch
    {
        var word when Swedish.Contains(word, StringComparer.OrdinalIgnoreCase) => "sv",
        var word when English.Contains(word, StringComparer.OrdinalIgnoreCase) => "en",
        _ => null,
    };
}
