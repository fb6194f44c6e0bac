using System.Globalization;
using Microsoft.Extensions.Configuration;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class ThemeTests
{
    private static readonly Palette[] Palettes = [Palette.DefaultLight, Palette.DefaultDark];

    /// <summary>WCAG 2.2, success criterion 1.4.3.</summary>
    [Test]
    public void Text_colours_stand_out_from_every_ground()
    {
        foreach (var palette in Palettes)
        {
            foreach (var ground in new[] { palette.Paper, palette.Surface, palette.AccentSoft })
            {
                foreach (var text in new[] { palette.Ink, palette.Muted, palette.Accent, palette.Sun, palette.Alarm })
                    Assert.That(Contrast(text, ground), Is.AtLeast(4.5), $"{text} on {ground}");
            }

            Assert.That(Contrast(palette.Ink, palette.Surface), Is.AtLeast(12));
            Assert.That(Contrast(palette.Muted, palette.Surface), Is.AtLeast(5));
        }

        Assert.That(Contrast(Palette.DefaultLight.Surface, Palette.DefaultLight.Accent), Is.AtLeast(4.5), "button");
        Assert.That(Contrast(Palette.DefaultDark.Paper, Palette.DefaultDark.Accent), Is.AtLeast(4.5), "button in the dark");
    }

    [Test]
    public void Settings_replace_only_what_they_name()
    {
        var theme = Theme.FromSettings(Settings(("Theme:NewsletterName", "Medlemsbrev"), ("Theme:Light:Accent", "#102030")));
        Assert.That(theme.NewsletterName, Is.EqualTo("Medlemsbrev"));
        Assert.That(theme.Light, Is.EqualTo(Palette.DefaultLight with { Accent = "#102030" }));
        Assert.That(theme.Dark, Is.EqualTo(Palette.DefaultDark));
    }

    [TestCase("Theme:Light:Accent", "red")]
    [TestCase("Theme:Dark:Paper", "#12345")]
    [TestCase("Theme:Dark:Paper", "#12345g")]
    [TestCase("Theme:BodyFont", "Arial;color:red")]
    [TestCase("Theme:HeadingFont", "\"><script>")]
    [TestCase("Theme:LogoUrl", "logo.png")]
    [TestCase("Theme:NewsletterName", " ")]
    [TestCase("Theme:NewsletterName", "Nytt\nBcc: x")]
    public void A_value_that_is_none_is_refused_by_name(string setting, string value) =>
        Assert.That(() => Theme.FromSettings(Settings((setting, value))), Throws.TypeOf<ThemeException>().With.Property(nameof(ThemeException.Setting)).EqualTo(setting));

    private static IConfiguration Settings(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour) =>
        0.2126 * Channel(colour[1..3]) + 0.7152 * Channel(colour[3..5]) + 0.0722 * Channel(colour[5..7]);

    private static double Channel(string hex)
    {
        var value = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
