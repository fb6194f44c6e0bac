using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.Unsubscribe;

/// <summary>
/// <c>/avsluta/{token}</c>. GET shows a page and changes nothing, however many scanners follow the link. A POST is either a mail program's
/// one click (RFC 8058: a form body with <c>List-Unsubscribe=One-Click</c>, without cookie, token or redirect) or one of the page's own forms.
/// </summary>
public sealed class OneClick(Unsubscribing unsubscribing, LinkSigner signer, IAntiforgery antiforgery)
{
    public const string Field = "List-Unsubscribe";
    public const string Value = "One-Click";

    /// <summary>In the address after an undo.</summary>
    public const string UndoneField = "angrat";

    /// <summary>Which button of the page was pressed.</summary>
    public const string ButtonField = "knapp";

    public async Task<IResult> ShowAsync(HttpContext context, string token)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        if (token == LinkSigner.TestToken) return OfTest();
        return signer.TryRead(LinkPurpose.Unsubscribe, token, out var who)
            ? PageResult.Of<UnsubscribePage>(200,
                (nameof(UnsubscribePage.Found), await unsubscribing.FindAsync(who, context.RequestAborted)),
                (nameof(UnsubscribePage.IsBack), IsBack(context.Request.Query)))
            : PageResult.Of<UnsubscribePage>(404, (nameof(UnsubscribePage.BrokenLink), true));
    }

    public async Task<IResult> PostAsync(HttpContext context, string token)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!context.Request.HasFormContentType)
            return Refuse("The body must be a form with List-Unsubscribe=One-Click (RFC 8058). Nothing was changed.");
        if (await SentForm.ReadAsync(context) is not { } form) return Refuse("The form is damaged. Nothing was changed.");
        var button = form[ButtonField].ToString();
        if (token == LinkSigner.TestToken) return button == "" ? Results.Text("This was a test letter. Nothing was changed.") : OfTest();
        if (!signer.TryRead(LinkPurpose.Unsubscribe, token, out var who))
            return button == "" ? Results.Text("No such link. Nothing was changed.", statusCode: 404)
                : PageResult.Of<UnsubscribePage>(404, (nameof(UnsubscribePage.BrokenLink), true));

        return button == ""
            ? await OneClickAsync(form, who, context.RequestAborted)
            : await ButtonAsync(context, form, button, who);
    }

    private async Task<IResult> OneClickAsync(IFormCollection form, LinkSubject who, CancellationToken ct)
    {
        // Some programs write the line end into the value, or change its case: what is meant is plain.
        if (!form[Field].ToString().Trim().Equals(Value, StringComparison.OrdinalIgnoreCase))
            return Refuse("The form must say List-Unsubscribe=One-Click (RFC 8058). Nothing was changed.");
        await unsubscribing.LeaveAsync(who, LeftBy.OneClick, everything: false, ct);
        return Results.Text("Unsubscribed.");
    }

    private async Task<IResult> ButtonAsync(HttpContext context, IFormCollection form, string button, LinkSubject who)
    {
        // Leaving must be as easy as joining, also without cookies, and one click needs no token either: no antiforgery here.
        // What would sign somebody up again, or say something in their name, needs it.
        if (button is not (UnsubscribePage.Leave or UnsubscribePage.LeaveAll) && !await antiforgery.IsRequestValidAsync(context))
            return Results.StatusCode(400);
        var ct = context.RequestAborted;
        var undone = false;
        // The list that the page spoke of.
        if (await unsubscribing.FindAsync(who, ct) is { } found) who = who with { ListId = found.This.Id };
        switch (button)
        {
            case UnsubscribePage.Leave or UnsubscribePage.LeaveAll:
                await unsubscribing.LeaveAsync(who, LeftBy.Page, everything: button == UnsubscribePage.LeaveAll, ct);
                break;
            case UnsubscribePage.Undo:
                undone = await unsubscribing.UndoAsync(who, ct);
                break;
            case UnsubscribePage.Reason:
                await unsubscribing.GiveReasonAsync(who.SubscriberId, form[UnsubscribePage.ReasonField].ToString(), ct);
                break;
            default:
                return Results.StatusCode(400);
        }

        context.Response.Headers.Location = $"{context.Request.Path.Value}{(undone ? $"?{UndoneField}" : "")}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    // Whoever comes from the receipt of leaving does not want to leave once more.
    private static bool IsBack(IQueryCollection query) => query.ContainsKey(UndoneField) || query.ContainsKey(LinkAddresses.ReceiptField);

    private static RazorComponentResult<Shell> OfTest() => PageResult.Of<UnsubscribePage>(200, (nameof(UnsubscribePage.IsTest), true));

    private static IResult Refuse(string words) => Results.Text(words, statusCode: 400);
}
