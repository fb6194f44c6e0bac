using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// What is wrong with a setting and how to mend it: <c>SettingWords.resx</c> (Swedish), <c>.en.resx</c>. Said before
/// there is a host to ask for words.
/// </summary>
public sealed class SettingWords
{
    private static readonly IStringLocalizer Words =
        new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance).Create(typeof(SettingWords));

    /// <summary>In the language of whoever started the program.</summary>
    public static string Say(string key, params object[] values) => Words[key, values];

    /// <summary>A setting that must be one line of text and is not.</summary>
    public static string NoLine(string section, string setting) => SettingWords.Say("Text", section, setting);
}
