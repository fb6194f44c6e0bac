using Microsoft.Extensions.Options;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Settings;

/// <summary>Where this installation lives (section <c>Site</c>).</summary>
public sealed class SiteOptions
{
    /// <summary>
    /// Address that readers reach the pages by; every link in a letter begins with it. No slash at the end. A name with å is understood, and
    /// written as mail programs of every age read it (xn--…).
    /// </summary>
    public string PublicUrl { get; set; } = "http://localhost:5080";

    // With a token after it, it must fit a line of a letter's head.
    private const int LongestPublicUrl = 200;

    /// <summary>IANA name of the zone in which staff think. Named here and nowhere else.</summary>
    public string TimeZone { get; set; } = "Europe/Stockholm";

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>What has one reading is put right before it is looked at.</summary>
    internal static void Normalise(SiteOptions options)
    {
        if (LinkTarget.IsWebAddress(options.PublicUrl) && !options.PublicUrl.EndsWith('/'))
            options.PublicUrl = LinkTarget.Ascii(options.PublicUrl).TrimEnd('/');
    }

    internal sealed class Validation : IValidateOptions<SiteOptions>
    {
        public ValidateOptionsResult Validate(string? name, SiteOptions options)
        {
            if (!IsRoot(options.PublicUrl))
                return ValidateOptionsResult.Fail(SettingWords.Say("Site.PublicUrl", options.PublicUrl));
            return TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(SettingWords.Say("Site.TimeZone", options.TimeZone));
        }

        // An address that others can be made of by writing on.
        private static bool IsRoot(string url) =>
            url.Length <= LongestPublicUrl && url.All(char.IsAscii) && LinkTarget.IsWebAddress(url) && !url.EndsWith('/')
            && new Uri(url) is { UserInfo: "", Query: "", Fragment: "" } && !url.Contains('?', StringComparison.Ordinal)
            && !url.Contains('#', StringComparison.Ordinal);
    }
}
