namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>A language as people write it, in Swedish, English or as a tag (BCP 47): Svenska, sv-SE, SV, English.</summary>
internal static class WrittenLanguage
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sv"] = "sv", ["swe"] = "sv", ["svenska"] = "sv", ["svensk"] = "sv", ["swedish"] = "sv",
        ["en"] = "en", ["eng"] = "en", ["engelska"] = "en", ["english"] = "en",
    };

    /// <summary>Null: none that the letter has.</summary>
    public static string? Read(string text) => Known.GetValueOrDefault(text.Split('-', '_', ' ')[0]);
}
