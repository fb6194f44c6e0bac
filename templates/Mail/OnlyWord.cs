using Microsoft.AspNetCore.Html;

namespace SmaKom.Mailer.Templates.Mail;

/// <summary>Comments that only Word reads; it draws classic Outlook's mail, and knows neither max-width nor inline blocks.</summary>
public static class OnlyWord
{
    /// <summary>A table around a column.</summary>
    public static IHtmlContent Column(int width) =>
        new HtmlString($"""<!--[if mso]><table role="presentation" align="center" width="{width}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->""");

    /// <summary>Two cells around two halves, which it would set under each other.</summary>
    public static IHtmlContent Halves(int first) =>
        new HtmlString($"""<!--[if mso]><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td width="{first}" valign="top"><![endif]-->""");

    public static IHtmlContent NextHalf(int second) =>
        new HtmlString($"""<!--[if mso]></td><td width="{second}" valign="top"><![endif]-->""");

    public static IHtmlContent End { get; } = new HtmlString("<!--[if mso]></td></tr></table><![endif]-->");
}
