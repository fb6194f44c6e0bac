using System.Globalization;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Subscribers.SignUp.Embed;

/// <summary>
/// The colours of a sign-up form on another site: two are chosen, and the others follow from them, so that each text can be read
/// (WCAG 2.2 §1.4.3: 4.5:1).
/// </summary>
/// <param name="Button">As #1f5c4d.</param>
/// <param name="Background">Of the page around it.</param>
public sealed record EmbedColours(string Button, string Background)
{
    // Of these two, one has 4.58:1 or more on whatever colour; of no softer black could that be said.
    private const string Black = "#000000";
    private const string White = "#ffffff";

    /// <summary>Fields of an address.</summary>
    public const string ButtonField = "knapp", BackgroundField = "bakgrund";

    /// <summary>Colours that are missing or none are the newsletter's: a form on somebody's site never shows an error for them.</summary>
    public static EmbedColours Read(IQueryCollection query, Theme theme) =>
        new(Hex(query[ButtonField]) ?? Hex(theme.Light.Accent)!, Hex(query[BackgroundField]) ?? Hex(theme.Light.Surface)!);

    public string Query => $"{ButtonField}={Button.TrimStart('#')}&{BackgroundField}={Background.TrimStart('#')}";

    public string OnButton => Readable(Button);

    public string Ink => Readable(Background);

    /// <summary>Over what /tema.css and site.css say.</summary>
    public string Css()
    {
        var isLight = Ink == Black;
        var (alarm, sun) = isLight ? ("#a3231f", "#8f5a00") : ("#f2a09c", "#f0c067");
        // Both stay readable on a background between black and white, where red on it would not.
        if (Contrast(alarm, Background) < 4.5) (alarm, sun) = (Ink, Ink);
        return
            $":root:root{{color-scheme:{(isLight ? "light" : "dark")};--paper:{Background};--surface:{Background};--ink:{Ink};--muted:{Ink};" +
            $"--accent:{Ink};--accent-soft:{Background};--line:{Ink};--alarm:{alarm};--sun:{sun}}}\n" +
            "body{min-height:0}\n.embed{padding:1rem}\n.embed>:last-child{margin-bottom:0}\n" +
            $"button.primary{{background:{Button};border-color:{Button};color:{OnButton}}}\n" +
            $"button.primary:hover{{background:{Ink};border-color:{Ink};color:{Background}}}\n";
    }

    private static string? Hex(string? written) =>
        written?.TrimStart('#') is { Length: 6 } digits && digits.All(char.IsAsciiHexDigit) ? "#" + digits.ToLowerInvariant() : null;

    /// <summary>Of black and white, the one that stands out.</summary>
    private static string Readable(string background) => Contrast(Black, background) >= Contrast(White, background) ? Black : White;

    /// <summary>WCAG 2.2's contrast ratio, 1 to 21.</summary>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour) => 0.2126 * Channel(colour, 1) + 0.7152 * Channel(colour, 3) + 0.0722 * Channel(colour, 5);

    private static double Channel(string colour, int at)
    {
        var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
