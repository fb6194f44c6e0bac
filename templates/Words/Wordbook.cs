using System.Globalization;
using System.Resources;

namespace SmaKom.Mailer.Templates.Words;

/// <summary>One resource file: neutral Swedish, .en beside it; a third language is a file.</summary>
internal sealed class Wordbook(string name)
{
    private readonly ResourceManager _resources = new($"SmaKom.Mailer.Templates.Words.{name}", typeof(Wordbook).Assembly);

    /// <exception cref="MissingManifestResourceException">A key that no file has: a defect, not a missing translation.</exception>
    public string Get(string key, string language) =>
        _resources.GetString(key, CultureInfo.GetCultureInfo(language))
        ?? throw new MissingManifestResourceException($"No text for {key}.");
}
