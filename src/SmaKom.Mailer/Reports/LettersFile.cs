using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>
/// Letters as a file: a line for each, written as it is read, however long it is. The receipt is all of an issue's, in one statement: what is
/// read adds up, however the sending goes on.
/// </summary>
public sealed class LettersFile(LetterList letters, ReportPhrases say, IStringLocalizer<ReportWords> words, LocalText text)
{
    /// <summary>GET /admin/utskick/{id}/brev.csv, with the list's filter.</summary>
    internal static Task<IResult> AnswerAsync(int id, HttpContext context, MailerDb db, LettersFile file) =>
        file.AnswerAsync(id, LetterListPath.Read(context.Request.Query), "File.Name", context, db);

    /// <summary>GET /redaktion/nummer/{id}/kvitto.csv</summary>
    internal static Task<IResult> AnswerReceiptAsync(int id, HttpContext context, MailerDb db, LettersFile file) =>
        file.AnswerAsync(id, DeliveryFilter.All, "File.Receipt", context, db);

    private async Task<IResult> AnswerAsync(int id, DeliveryFilter filter, string name, HttpContext context, MailerDb db)
    {
        if (await db.Issues.Where(i => i.Id == id).Select(i => i.Slug).SingleOrDefaultAsync(context.RequestAborted) is not { } slug)
            return Results.NotFound();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(stream => WriteAsync(id, filter, stream, context.RequestAborted), "text/csv; charset=utf-8",
            $"{words[name].Value}-{slug}.csv");
    }

    /// <summary>UTF-8 with a byte order mark; returns how many letters.</summary>
    public async Task<int> WriteAsync(int issueId, DeliveryFilter filter, Stream stream, CancellationToken ct)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 65536, leaveOpen: true);
        await writer.WriteAsync(Csv.ByteOrderMark);
        await writer.WriteAsync(Csv.Line(
            words["Column.Address"], words["Column.Name"], words["Column.Domain"], words["Column.State"], words["Column.Cause"],
            words["Column.Attempts"],
            words["Column.Code"], words["Column.Words"], words["Column.Time"], words["Column.Next"]));
        var count = 0;
        await foreach (var letter in letters.ReadAsync(issueId, filter, ct))
        {
            await writer.WriteAsync(Csv.Line(
                letter.Email, letter.Name, letter.Domain, say.State(letter.State), say.Why(letter),
                letter.Attempts.ToString(CultureInfo.InvariantCulture),
                letter.Code, letter.ReplyText, Time(letter.At), Time(letter.State == DeliveryState.Deferred ? letter.NextAttemptAt : null)));
            count++;
        }

        await writer.FlushAsync(ct);
        return count;
    }

    private string? Time(DateTimeOffset? at) => at is { } known ? text.Cell(known) : null;
}
