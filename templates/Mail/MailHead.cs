using Microsoft.AspNetCore.Components;

namespace SmaKom.Mailer.Templates.Mail;

/// <summary>
/// What the head adds for programs that read it: narrow screens, dark mode, and Word (which draws classic Outlook's mail).
/// The mail must stand without it.
/// </summary>
public sealed class MailHead(Theme theme)
{
    /// <summary>The stylesheet for everyone.</summary>
    public MarkupString Style => new($$"""
        <style>
        :root{color-scheme:light dark}
        body{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        a{overflow-wrap:anywhere}
        .button a:hover{text-decoration:underline!important}
        @media (max-width:599px){
        .gutter{padding-left:20px!important;padding-right:20px!important}
        .h1{font-size:26px!important;line-height:32px!important}
        .half{max-width:100%!important}
        .half-first,.half-second,.half-picture{padding-left:0!important;padding-right:0!important}
        .half-second{padding-top:24px!important}
        .box{padding:20px 20px 8px 20px!important}
        .wide{max-width:100%!important}
        .button,.button table,.button a{width:auto!important}
        }
        @media (prefers-color-scheme:dark){
        {{Dark("")}}
        }
        {{Dark("[data-ogsc] ")}}
        </style>
        """);

    /// <summary>Only Word reads this, and it needs it: its own cell spacing away, buttons padded, 96 dots to the inch.</summary>
    public static MarkupString ForWord { get; } = new("""
        <!--[if mso]><xml xmlns:o="urn:schemas-microsoft-com:office:office"><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>table,td{mso-table-lspace:0;mso-table-rspace:0}p,h1,h2,h3,h4,li{mso-line-height-rule:exactly}.button td{mso-padding-alt:12px 24px}</style><![endif]-->
        """);

    /// <summary>A table around a column, for Word, which knows no max-width.</summary>
    public static MarkupString WordColumn(int width) =>
        new($"""<!--[if mso]><table role="presentation" align="center" width="{width}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->""");

    /// <summary>Two cells around two halves, for Word, which would set them under each other.</summary>
    public static MarkupString WordHalves(int first, bool mirrored = false) =>
        new($"""<!--[if mso]><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"{(mirrored ? " dir=\"rtl\"" : "")}><tr><td dir="ltr" width="{first}" valign="top"><![endif]-->""");

    public static MarkupString WordNextHalf(int second) =>
        new($"""<!--[if mso]></td><td dir="ltr" width="{second}" valign="top"><![endif]-->""");

    public static MarkupString WordEnd { get; } = new("<!--[if mso]></td></tr></table><![endif]-->");

    // Outlook's web mail recolours by itself and marks the body: the same rules again under its mark.
    private string Dark(string under) => string.Join('\n', new[]
    {
        $".paper{{background-color:{theme.Dark.Paper}!important}}",
        $".surface{{background-color:{theme.Dark.Surface}!important;border-color:{theme.Dark.Line}!important}}",
        $".soft{{background-color:{theme.Dark.AccentSoft}!important}}",
        $".ink{{color:{theme.Dark.Ink}!important}}",
        $".muted{{color:{theme.Dark.Muted}!important}}",
        $".accent{{color:{theme.Dark.Accent}!important}}",
        $".quote{{border-color:{theme.Dark.Accent}!important}}",
        $".line{{border-color:{theme.Dark.Line}!important}}",
        $".rule,.button td{{background-color:{theme.Dark.Accent}!important}}",
        $".button a{{color:{theme.Dark.Paper}!important}}",
    }.Select(rule => under + rule.Replace(",", $",{under}", StringComparison.Ordinal)));
}
