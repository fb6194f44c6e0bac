using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>The letter as a reader would get it, by the renderer that the real one goes through; its personal links lead nowhere.</summary>
public sealed class IssuePreview(IssueRenderer renderer, LinkAddresses addresses, IStringLocalizer<StaffWords> words)
{
    private const string NoToken = "forhandsvisning";

    /// <param name="content">Without <see cref="IssueContent.Problems"/>.</param>
    public Task<RenderedLetter> RenderAsync(IssueContent content) => renderer.RenderMailAsync(
        content, new Variant(content.Language, LegalBasis.Member, LetterFormat.Html), renderer.Links(NoToken, NoToken, NoToken),
        recipientAddress: null);

    /// <summary>GET /redaktion/nummer/{id}/forhandsvisning: the HTML part as a document of its own, for the frame.</summary>
    internal static async Task<IResult> AnswerAsync(int id, HttpResponse response, MailerDb db, IssuePreview preview, CancellationToken ct)
    {
        var issue = await db.Issues.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id, ct);
        return issue is null ? Results.NotFound() : await preview.FrameAsync(IssueContentJson.Deserialize(issue.Content), response);
    }

    /// <summary>The HTML part as a document for a frame; a draft that is not finished, too.</summary>
    internal async Task<IResult> FrameAsync(IssueContent content, HttpResponse response)
    {
        var shown = PresentableDraft.Of(content, words["Preview.Missing"]);
        if (shown.Problems().Any(problem => problem.Path != "sections")) return Results.NotFound();
        response.Headers.ContentSecurityPolicy = ContentSecurity.FramedPreview;
        response.Headers.CacheControl = "no-store";
        // Pictures from where the page comes from: it may be open by another address than the public one.
        var html = (await RenderAsync(shown)).Html.Replace(addresses.Media(""), "/bild/", StringComparison.Ordinal);
        return Results.Text(html, "text/html; charset=utf-8");
    }
}
