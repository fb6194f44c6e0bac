using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Settings;

/// <summary>Where this installation lives (section <c>Site</c>).</summary>
public sealed class SiteOptions
{
    /// <summary>Address that readers reach the pages by; every link in a letter begins with it. No slash at the end.</summary>
    public string PublicUrl { get; set; } = "http://localhost:5080";

    /// <summary>IANA name of the zone in which staff think. Named here and nowhere else.</summary>
    public string TimeZone { get; set; } = "Europe/Stockholm";

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    internal sealed class Validation : IValidateOptions<SiteOptions>
    {
        public ValidateOptionsResult Validate(string? name, SiteOptions options)
        {
            if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
                || options.PublicUrl.EndsWith('/'))
                return ValidateOptionsResult.Fail(SettingWords.Say("Site.PublicUrl", options.PublicUrl));
            return TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(SettingWords.Say("Site.TimeZone", options.TimeZone));
        }
    }
}
