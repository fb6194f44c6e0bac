using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Reports.Pages;

/// <summary>What the pages of a mailing fetch and post to; each form leads back to the list.</summary>
internal static class MailingEndpoints
{
    public static void MapMailings(this WebApplication app)
    {
        var mailing = app.AdminGroup("/admin/utskick/{id:int:min(1)}");
        mailing.MapGet("/lage", MailingProgress.OfMailing);
        mailing.MapGet("/brev.csv", LettersFile.AnswerAsync);
        mailing.MapPost("/brev/sok", SearchAsync);
        mailing.MapPost("/igen/bekrafta", SendAgainAsync);
    }

    /// <summary>From an address, which stays out of the page's own, to that person's letter.</summary>
    private static async Task<IResult> SearchAsync(int id, HttpContext context, MailerDb db)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (string.IsNullOrWhiteSpace(form["adress"])) return Results.LocalRedirect($"/admin/utskick/{id}/brev");
        var person = EmailAddress.TryParse(form["adress"], out var address, out _) ? await FindAsync(id, address, db, context.RequestAborted) : null;
        return Results.LocalRedirect(person is null ? $"/admin/utskick/{id}/brev?sok=ingen" : LetterListPath.Of(id, new() { SubscriberId = person }));
    }

    private static async Task<IResult> SendAgainAsync(int id, HttpContext context, Retries retries)
    {
        var filter = LetterListPath.Read(await context.Request.ReadFormAsync(context.RequestAborted));
        var count = await retries.SendAgainAsync(id, filter, DecisionKind.Retry, Actor.Of(context.User), context.RequestAborted);
        return Results.LocalRedirect(
            LetterListPath.Of(id, filter with { State = null, Reason = null, Code = null },
                new KeyValuePair<string, string?>("igen", count.ToString(CultureInfo.InvariantCulture))));
    }

    // The address that the letter went to: a person may have changed theirs since.
    private static async Task<long?> FindAsync(int id, EmailAddress address, MailerDb db, CancellationToken ct) =>
        await db.Deliveries.Where(d => d.IssueId == id && db.Subscribers.Any(s => s.Id == d.SubscriberId && s.EmailKey == address.Key))
            .Select(d => (long?)d.SubscriberId).FirstOrDefaultAsync(ct);
}
