using System.Globalization;
using System.Resources;

namespace SmaKom.Mailer.Web;

/// <summary>Names the resource files of words that stand around every page: <c>WebWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class WebWords
{
    private static readonly ResourceManager Resources = new(typeof(WebWords));

    /// <summary>In another language than the page's.</summary>
    internal static string? Of(string key, CultureInfo language) => Resources.GetString(key, language);

    /// <summary>Null where that language's own file does not have it.</summary>
    internal static string? OwnOf(string key, CultureInfo language) =>
        Resources.GetResourceSet(language, createIfNotExists: true, tryParents: false)?.GetString(key);
}
