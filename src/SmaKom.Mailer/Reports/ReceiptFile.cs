using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>The receipt as a file: a line for each person, with the words of the page. Written as it is read, however long it is.</summary>
public sealed class ReceiptFile(ReceiptRows rows, IStringLocalizer<StaffWords> states, IStringLocalizer<ReceiptWords> words, ReportPhrases say, LocalText text)
{
    /// <summary>GET /redaktion/nummer/{id}/kvitto.csv</summary>
    internal static async Task<IResult> AnswerAsync(int id, HttpContext context, MailerDb db, ReceiptFile file)
    {
        if (await db.Issues.Where(i => i.Id == id).Select(i => i.Slug).SingleOrDefaultAsync(context.RequestAborted) is not { } slug) return Results.NotFound();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Stream(stream => file.WriteAsync(id, stream, context.RequestAborted), "text/csv; charset=utf-8", file.Name(slug));
    }

    /// <summary>kvitto-2026-12.csv</summary>
    public string Name(string slug) => $"{words["File.Name"].Value}-{slug}.csv";

    /// <summary>UTF-8 with a byte order mark; returns how many people.</summary>
    public async Task<int> WriteAsync(int issueId, Stream stream, CancellationToken ct)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 65536, leaveOpen: true);
        await writer.WriteAsync(Csv.ByteOrderMark);
        await writer.WriteAsync(Csv.Line(
            words["Column.Address"], words["Column.State"], words["Column.Reason"], words["Column.Attempts"], words["Column.Code"], words["Column.Words"], words["Column.Time"]));
        var count = 0;
        await foreach (var row in rows.ReadAsync(issueId, ct))
        {
            await writer.WriteAsync(Csv.Line(
                row.Email, State(row.State), say.Reason(row.Reason), row.Attempts.ToString(CultureInfo.InvariantCulture), row.Code, row.Words,
                row.At is { } at ? text.Cell(at) : null));
            count++;
        }

        await writer.FlushAsync(ct);
        return count;
    }

    // A letter on its way counts as waiting on the page too.
    private string State(DeliveryState state) => states[$"Receipt.{(state == DeliveryState.Sending ? DeliveryState.Waiting : state)}"];
}
