using Microsoft.Extensions.Configuration;

namespace SmaKom.Mailer.Templates;

/// <summary>Nine named colours, each #RRGGBB. Text roles keep 4.5:1 against paper, surface and accent-soft.</summary>
public sealed record Palette
{
    /// <summary>The page.</summary>
    public required string Paper { get; init; }

    /// <summary>Cards and the letter's body.</summary>
    public required string Surface { get; init; }

    /// <summary>Text.</summary>
    public required string Ink { get; init; }

    /// <summary>Captions and the like.</summary>
    public required string Muted { get; init; }

    /// <summary>Links, the primary button, a section's rule.</summary>
    public required string Accent { get; init; }

    /// <summary>Boxes and selected rows.</summary>
    public required string AccentSoft { get; init; }

    /// <summary>Warnings.</summary>
    public required string Sun { get; init; }

    /// <summary>Errors, refused.</summary>
    public required string Alarm { get; init; }

    /// <summary>Hairlines.</summary>
    public required string Line { get; init; }

    public static Palette DefaultLight { get; } = new()
    {
        Paper = "#FBFAF7",
        Surface = "#FFFFFF",
        Ink = "#1D2B2A",
        Muted = "#55635F",
        Accent = "#1F5C4D",
        AccentSoft = "#E3EFEA",
        Sun = "#8F5A00",
        Alarm = "#A3231F",
        Line = "#D9DFDB",
    };

    public static Palette DefaultDark { get; } = new()
    {
        Paper = "#14201E",
        Surface = "#1B2A27",
        Ink = "#EAF1EE",
        Muted = "#A9B8B3",
        Accent = "#8FD0BC",
        AccentSoft = "#23403A",
        Sun = "#F0C067",
        Alarm = "#F2A09C",
        Line = "#30423E",
    };

    internal static Palette FromSettings(IConfigurationSection section, Palette fallback) => new()
    {
        Paper = Colour(section, nameof(Paper), fallback.Paper),
        Surface = Colour(section, nameof(Surface), fallback.Surface),
        Ink = Colour(section, nameof(Ink), fallback.Ink),
        Muted = Colour(section, nameof(Muted), fallback.Muted),
        Accent = Colour(section, nameof(Accent), fallback.Accent),
        AccentSoft = Colour(section, nameof(AccentSoft), fallback.AccentSoft),
        Sun = Colour(section, nameof(Sun), fallback.Sun),
        Alarm = Colour(section, nameof(Alarm), fallback.Alarm),
        Line = Colour(section, nameof(Line), fallback.Line),
    };

    private static string Colour(IConfigurationSection section, string key, string fallback)
    {
        var value = section[key] ?? fallback;
        return value.Length == 7 && value[0] == '#' && value.Skip(1).All(char.IsAsciiHexDigit)
            ? value
            : throw new ThemeException(ThemeFault.Colour, $"{section.Path}:{key}", fallback);
    }
}
