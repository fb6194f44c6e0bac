namespace SmaKom.Mailer.Templates.Mail;

/// <summary>
/// Every inline style of the mail, from the theme. A style here must do without the head's stylesheet:
/// mail programs may drop that. Spacing in steps of 4 px.
/// </summary>
public sealed class MailStyles(Theme theme)
{
    /// <summary>Pixels between the card's paddings, with room for its border.</summary>
    public const int ContentWidth = 532;

    /// <summary>Pixels within the card's border: Word widens the card for a picture that is wider.</summary>
    public const int CardWidth = 598;

    private readonly Palette _light = theme.Light;

    public string Body => $"margin:0;padding:0;background-color:{_light.Paper};";

    /// <summary>A table that only lays out. Word knows no border-spacing: cellpadding, cellspacing and border are attributes.</summary>
    public string Table => "border-collapse:collapse;border-spacing:0;width:100%;";

    public string Page => $"{Table}background-color:{_light.Paper};";

    /// <summary>All words inherit where they may break: Gmail knows no overflow-wrap.</summary>
    public string Column => $"{Table}max-width:600px;margin:0 auto;text-align:left;word-break:break-word;";

    public string Preheader => $"{Small}padding:20px 32px 8px 32px;color:{_light.Muted};";

    public string TopLeft => $"{Small}padding:8px 0;color:{_light.Ink};font-weight:bold;vertical-align:top;";

    public string TopRight => $"{Small}padding:8px 0 8px 16px;text-align:right;vertical-align:top;";

    public string Gutter => "padding:0 32px;";

    public string Card =>
        $"border-collapse:separate;border-spacing:0;width:100%;background-color:{_light.Surface};border:1px solid {_light.Line};border-radius:6px;";

    public string Wordmark =>
        $"padding:24px 32px 20px 32px;font-family:{theme.HeadingFont};font-size:26px;line-height:32px;font-weight:bold;color:{_light.Accent};";

    public string H1 => $"{Heading(30, 38)}margin:0 0 8px 0;";

    public string H2 =>
        $"font-family:{theme.HeadingFont};font-size:22px;line-height:28px;font-weight:bold;font-variant:small-caps;letter-spacing:1px;"
        + $"color:{_light.Accent};margin:11px 0 0 0;";

    public string H3 => $"{Heading(20, 26)}margin:0 0 8px 0;";

    public string EventName => $"{Heading(20, 26)}margin:0 0 4px 0;";

    public string H4 => $"{BodyFont(16, 24)}font-weight:bold;color:{_light.Ink};margin:20px 0 4px 0;";

    public string Kicker => $"{Small}font-weight:bold;color:{_light.Muted};margin:0 0 4px 0;";

    public string Paragraph => $"{BodyFont(16, 24)}color:{_light.Ink};margin:0 0 12px 0;";

    /// <summary>A paragraph that the next one follows closely.</summary>
    public string Line => $"{BodyFont(16, 24)}color:{_light.Ink};margin:0;";

    public string Name => $"{Line}font-weight:bold;";

    public string List => $"{BodyFont(16, 24)}color:{_light.Ink};margin:0 0 12px 24px;padding:0;";

    public string Item => "margin:0 0 4px 0;";

    public string Quote => "margin:4px 0 16px 0;padding:0;";

    public string QuoteCell => $"padding:12px 0 0 16px;border-left:3px solid {_light.Accent};font-style:italic;";

    public string Link => $"color:{_light.Accent};text-decoration:underline;";

    public string StrongLink => $"{Link}font-weight:bold;";

    public string Meta => $"{BodyFont(16, 24)}color:{_light.Muted};margin:0;";

    public string Caption => $"{Small}color:{_light.Muted};margin:8px 0 0 0;";

    public string LeadCaption => $"{Small}color:{_light.Muted};margin:8px 32px 0 32px;";

    /// <summary>A cell's border: however high a program makes the cell, the rule is a rule.</summary>
    public string Rule => $"width:48px;border-top:3px solid {_light.Accent};{Empty(1)}";

    public string Hairline => $"border-top:1px solid {_light.Line};";

    /// <summary>A cell that is nothing but room.</summary>
    /// <param name="height">Pixels.</param>
    public string Empty(int height) => $"height:{height}px;padding:0;font-size:1px;line-height:{height}px;mso-line-height-rule:exactly;";

    public string Box => $"{Table}background-color:{_light.AccentSoft};border-radius:6px;";

    public string Image(int width) => $"display:block;width:100%;max-width:{width}px;height:auto;border:0;border-radius:4px;{AltText}";

    public string LeadImage => $"display:block;width:100%;height:auto;border:0;{AltText}";

    public string Portrait =>
        $"display:block;width:72px;height:72px;border:0;border-radius:36px;background-color:{_light.AccentSoft};{BodyFont(11, 13)}color:{_light.Ink};";

    public string Button => $"background-color:{_light.Accent};border-radius:6px;padding:0;text-align:center;";

    public string ButtonLink =>
        $"{BodyFont(16, 24)}font-weight:bold;display:inline-block;padding:12px 24px;color:{_light.Surface};text-decoration:none;border-radius:6px;";

    public string Leaf => $"width:72px;padding:8px 0;background-color:{_light.AccentSoft};border-radius:6px;text-align:center;vertical-align:top;";

    public string LeafDays =>
        $"font-family:{theme.HeadingFont};font-size:24px;line-height:28px;font-weight:bold;color:{_light.Accent};margin:0;white-space:nowrap;";

    public string LeafMonth => $"{Small}color:{_light.Ink};margin:0;";

    /// <param name="row">From 0.</param>
    public string CalendarDay(int row) =>
        $"{BodyFont(16, 24)}font-weight:bold;color:{_light.Accent};white-space:nowrap;width:72px;vertical-align:top;{Row(row)}padding:12px 20px 12px 0;";

    /// <param name="row">From 0.</param>
    public string CalendarLine(int row) => $"vertical-align:top;{Row(row)}padding:12px 0;";

    public string FooterCell => $"{Small}color:{_light.Muted};padding:28px 32px 40px 32px;";

    public string FooterEnd => $"{Small}color:{_light.Muted};margin:0;";

    public string FooterLine => $"{Small}color:{_light.Muted};margin:0 0 12px 0;";

    /// <summary>One of two columns that stand side by side where there is room, without any media query.</summary>
    public string Half(int width) => $"display:inline-block;width:100%;max-width:{width}px;vertical-align:top;";

    /// <summary>The style of an element that Markdown makes.</summary>
    public string? OfBody(string role) => role switch
    {
        "p" => Paragraph,
        "ul" or "ol" => List,
        "li" => Item,
        "blockquote" => Quote,
        "quote" => QuoteCell,
        "heading" => H4,
        "a" => Link,
        _ => null,
    };

    /// <summary>The class by which dark mode finds it.</summary>
    public static string? DarkClassOf(string role) => role switch
    {
        "p" or "ul" or "ol" or "heading" => "ink",
        "quote" => "quote",
        "a" => "accent",
        _ => null,
    };

    private string Row(int row) => row > 0 ? Hairline : "";

    private string Small => BodyFont(14, 20);

    // A picture that is switched off is a tinted field with its words set as a caption, not in the browser's serif.
    private string AltText => $"background-color:{_light.AccentSoft};{Small}color:{_light.Ink};";

    private string Heading(int size, int line) =>
        $"font-family:{theme.HeadingFont};font-size:{size}px;line-height:{line}px;font-weight:bold;color:{_light.Ink};padding:0;";

    private string BodyFont(int size, int line) => $"font-family:{theme.BodyFont};font-size:{size}px;line-height:{line}px;";
}
