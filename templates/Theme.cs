using System.Text;
using Microsoft.Extensions.Configuration;
using SmaKom.Mailer.Templates.Markup;

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

    /// <exception cref="ThemeException">A colour, font, name or address that is none.</exception>
    public static Theme FromSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var theme = new Theme
        {
            Light = Palette.FromSettings(section.GetSection(nameof(Light)), Palette.DefaultLight),
            Dark = Palette.FromSettings(section.GetSection(nameof(Dark)), Palette.DefaultDark),
        };
        return theme with
        {
            NewsletterName = Name(section, nameof(NewsletterName), theme.NewsletterName),
            LogoUrl = Address(section, nameof(LogoUrl)),
            LogoWidth = section.GetValue(nameof(LogoWidth), theme.LogoWidth),
            LogoHeight = section.GetValue(nameof(LogoHeight), theme.LogoHeight),
            HeadingFont = Font(section, nameof(HeadingFont), theme.HeadingFont),
            BodyFont = Font(section, nameof(BodyFont), theme.BodyFont),
        };
    }

    private static string Name(IConfigurationSection section, string key, string fallback)
    {
        var value = (section[key] ?? fallback).Trim();
        return value.Length > 0 && value.EnumerateRunes().All(IsShown) ? value
            : throw new ThemeException(ThemeFault.Name, $"{section.Path}:{key}", fallback);
    }

    // Half a surrogate pair is enumerated as U+FFFD.
    private static bool IsShown(Rune rune) => !Rune.IsControl(rune) && rune != Rune.ReplacementChar && rune.Value is not (0x2028 or 0x2029);

    private static string? Address(IConfigurationSection section, string key) => section[key] switch
    {
        null or "" => null,
        { } url when LinkTarget.IsWebAddress(url) => LinkTarget.Ascii(url),
        _ => throw new ThemeException(ThemeFault.WebAddress, $"{section.Path}:{key}", "https://www.example.org/logo.png"),
    };

    // Fonts and colours go into style attributes: a semicolon or a quote would open the door to other styles.
    private static string Font(IConfigurationSection section, string key, string fallback)
    {
        var value = section[key] ?? fallback;
        return value.Any(c => c is ';' or '"' or '<' or '>' or '{' or '}' or '(' or '\\' || char.IsControl(c))
            ? throw new ThemeException(ThemeFault.Font, $"{section.Path}:{key}", fallback)
            : value;
    }
}
