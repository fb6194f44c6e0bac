using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>The letter as a reader would get it, by the renderer that the real one goes through; its personal links lead nowhere.</summary>
public sealed partial class IssuePreview(
    IssueRenderer renderer, LinkAddresses addresses, ThemeStylesheet theme, SiteFiles files, IStringLocalizer<StaffWords> words)
{
    private const string NoToken = "forhandsvisning";
    private const string DarkPreferred = "@media (prefers-color-scheme:dark)";

    /// <param name="content">Without <see cref="IssueContent.Problems"/>.</param>
    public async Task<string> TextAsync(IssueContent content) => (await MailAsync(content)).Text;

    /// <summary>GET /redaktion/nummer/{id}/forhandsvisning: the letter as a document of its own, for the frame.</summary>
    internal static async Task<IResult> AnswerAsync(int id, HttpContext context, DraftStore drafts, IssuePreview preview, CancellationToken ct) =>
        await drafts.ReadAsync(id, ct) is { } issue ? await preview.FrameAsync(issue.Content, context) : Results.NotFound();

    /// <summary>
    /// The letter as a document for a frame, as the query wants it; a draft that is not finished, too. Its elements name their part of the draft
    /// (<c>data-part</c>).
    /// </summary>
    /// <param name="content">With ids.</param>
    internal async Task<IResult> FrameAsync(IssueContent content, HttpContext context)
    {
        var shown = PresentableDraft.Of(content, words["Preview.Missing"]);
        if (shown.Problems().Any(problem => problem.Path != "sections")) return Results.NotFound();
        var view = PreviewViews.Of(context.Request.Query[PreviewViews.Field]);
        context.Response.Headers.CacheControl = "no-store";
        if (view == PreviewView.Text) return Results.Text(await TextAsync(shown));
        context.Response.Headers.ContentSecurityPolicy = view switch
        {
            PreviewView.WebPage => ContentSecurity.FramedPage,
            PreviewView.WithoutPictures => ContentSecurity.FramedPreviewWithoutPictures,
            _ => ContentSecurity.FramedPreview,
        };
        var html = view == PreviewView.WebPage ? await WebPageAsync(shown)
            : (await MailAsync(shown)).Html
                .Replace(DarkPreferred, view == PreviewView.Dark ? "@media all" : "@media not all", StringComparison.Ordinal);
        html = PersonalLink().Replace(html, $"title=\"{HtmlEncoder.Default.Encode(words["Preview.Personal"])}\"");
        html = OutwardLink().Replace(html, "<a target=\"_blank\" ");
        // Pictures from where the page comes from: it may be open by another address than the public one.
        return Results.Text(html.Replace(addresses.Media(""), "/bild/", StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private Task<RenderedLetter> MailAsync(IssueContent content) => renderer.RenderMailAsync(
        content, new Variant(content.Language, LegalBasis.Member, LetterFormat.Html), renderer.Links(NoToken, NoToken, NoToken),
        recipientAddress: null, PartOf);

    private async Task<string> WebPageAsync(IssueContent content) =>
        $"""
        <!DOCTYPE html>
        <html lang="{content.Language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{HtmlEncoder.Default.Encode(content.Subject)}</title>
        <link rel="stylesheet" href="{theme.Address}">
        <link rel="stylesheet" href="{files["site.css"]}">
        <link rel="stylesheet" href="{theme.LetterListPath}">
        </head>
        <body><main class="measure page">{await renderer.RenderArchiveAsync(content, content.Language, PartOf)}</main></body>
        </html>
        """;

    [GeneratedRegex("href=\"[^\"]*/" + NoToken + "\"")]
    private static partial Regex PersonalLink();

    // The frame itself shows nothing from elsewhere.
    [GeneratedRegex("""<a (?=[^>]*href="(?:https?|mailto|tel):)""")]
    private static partial Regex OutwardLink();

    private static string? PartOf(object part) => part switch
    {
        IssueContent => DraftPart.Head,
        Section section => section.Id,
        Block block => block.Id,
        ContactBlock => DraftPart.Contact,
        _ => null,
    };
}
