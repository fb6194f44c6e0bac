using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Templates.Words;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Cli;

/// <summary>Names the resource files of the command line's words: <c>CliWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class CliWords
{
    /// <summary>Words before, and without, a host.</summary>
    internal static IStringLocalizer Load() => new PluralLocalizer(
        new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance).Create(typeof(CliWords)));

    /// <summary>Swedish, unless the environment (LC_ALL, LC_MESSAGES, LANG) names another language.</summary>
    public static CultureInfo LanguageOf(Func<string, string?> environment)
    {
        var named = new[] { "LC_ALL", "LC_MESSAGES", "LANG" }.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        var language = named.Split('_', '.', '@')[0];
        return CultureInfo.GetCultureInfo(
            language is "" or "C" or "POSIX" ? Languages.Default : Languages.All.Contains(language) ? language : "en");
    }
}
