using Microsoft.Extensions.Configuration;

namespace SmaKom.Mailer.Templates;

/// <summary>How letters and pages look, one place for both (section <c>Theme</c>). Whatever is left out is the default.</summary>
public sealed record Theme
{
    public const string Section = "Theme";

    /// <summary>As in the letter's head and in the pages' titles.</summary>
    public string NewsletterName { get; init; } = "Nyhetsbrev";

    /// <summary>Absolute https address of the logo (PNG or JPEG), or null: the organisation's name is set as text.</summary>
    public string? LogoUrl { get; init; }

    /// <summary>Pixels, as shown.</summary>
    public int LogoWidth { get; init; } = 140;

    /// <summary>Pixels, as shown.</summary>
    public int LogoHeight { get; init; } = 40;

    /// <summary>Colours by day, each as <c>#rrggbb</c>.</summary>
    public Palette Light { get; init; } = Palette.DefaultLight;

    /// <summary>Colours in a dark mail program or browser.</summary>
    public Palette Dark { get; init; } = Palette.DefaultDark;

    /// <summary>A CSS font-family list.</summary>
    public string HeadingFont { get; init; } = "Georgia, 'Times New Roman', serif";

    /// <summary>A CSS font-family list.</summary>
    public string BodyFont { get; init; } = "Arial, Helvetica, sans-serif";

    /// <exception cref="InvalidOperationException">A colour or font that is none; the message names the setting.</exception>
    public static Theme FromSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var theme = new Theme
        {
            Light = Palette.FromSettings(section.GetSection(nameof(Light)), Palette.DefaultLight),
            Dark = Palette.FromSettings(section.GetSection(nameof(Dark)), Palette.DefaultDark),
        };
        theme = theme with
        {
            NewsletterName = section[nameof(NewsletterName)] ?? theme.NewsletterName,
            LogoUrl = section[nameof(LogoUrl)],
            LogoWidth = section.GetValue(nameof(LogoWidth), theme.LogoWidth),
            LogoHeight = section.GetValue(nameof(LogoHeight), theme.LogoHeight),
            HeadingFont = Font(section, nameof(HeadingFont), theme.HeadingFont),
            BodyFont = Font(section, nameof(BodyFont), theme.BodyFont),
        };
        return theme.LogoUrl is null || Markup.LinkTarget.IsWebAddress(theme.LogoUrl)
            ? theme
            : throw new InvalidOperationException($"{Section}:{nameof(LogoUrl)} is not a web address; write it with https://.");
    }

    // Fonts and colours go into style attributes: a semicolon or a quote would open the door to other styles.
    private static string Font(IConfigurationSection section, string key, string fallback)
    {
        var value = section[key] ?? fallback;
        return value.Any(c => c is ';' or '"' or '<' or '>' or '{' or '}' or '(' or '\\' || char.IsControl(c))
            ? throw new InvalidOperationException($"{section.Path}:{key} is not a font list; write names with commas between, e.g. {fallback}.")
            : value;
    }
}
