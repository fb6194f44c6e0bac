using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>The filtered list as a file: a line for each letter, written as it is read, however long it is.</summary>
public sealed class LettersFile(LetterList letters, ReportPhrases say, IStringLocalizer<ReportWords> words, LocalText text)
{
    /// <summary>GET /admin/utskick/{id}/brev.csv, with the list's filter.</summary>
    internal static async Task<IResult> AnswerAsync(int id, HttpContext context, MailerDb db, LettersFile file)
    {
        if (await db.Issues.Where(i => i.Id == id).Select(i => i.Slug).SingleOrDefaultAsync(context.RequestAborted) is not { } slug) return Results.NotFound();
        var filter = LetterListPath.Read(context.Request.Query);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(stream => file.WriteAsync(id, filter, stream, context.RequestAborted), "text/csv; charset=utf-8", $"{file.Name}-{slug}.csv");
    }

    private string Name => words["File.Name"];

    /// <summary>UTF-8 with a byte order mark; returns how many letters.</summary>
    public async Task<int> WriteAsync(int issueId, DeliveryFilter filter, Stream stream, CancellationToken ct)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 65536, leaveOpen: true);
        await writer.WriteAsync(Csv.ByteOrderMark);
        await writer.WriteAsync(Csv.Line(
            words["Column.Address"], words["Column.Name"], words["Column.Domain"], words["Column.State"], words["Column.Cause"], words["Column.Attempts"],
            words["Column.Code"], words["Column.Words"], words["Column.Time"], words["Column.Next"]));
        var count = 0;
        await foreach (var letter in letters.ReadAsync(issueId, filter, ct))
        {
            await writer.WriteAsync(Csv.Line(
                letter.Email, letter.Name, letter.Domain, say.State(letter.State), say.Why(letter), letter.Attempts.ToString(CultureInfo.InvariantCulture),
                letter.Code, letter.ReplyText, Time(letter.At), Time(letter.State == DeliveryState.Deferred ? letter.NextAttemptAt : null)));
            count++;
        }

        await writer.FlushAsync(ct);
        return count;
    }

    private string? Time(DateTimeOffset? at) => at is { } known ? text.Cell(known) : null;
}
