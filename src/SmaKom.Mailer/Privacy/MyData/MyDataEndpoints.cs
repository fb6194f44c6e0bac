using System.Text.Json;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Timelines;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Privacy.MyData;

/// <summary>
/// <c>/mina-uppgifter/{token}</c>: what is held about one person, to see, download and erase. The token comes by mail on request and works for a day:
/// whoever holds a forwarded letter has none, and cannot get one.
/// </summary>
internal static class MyDataEndpoints
{
    public const string Erased = "/mina-uppgifter/raderat";

    public static void MapMyData(this WebApplication app)
    {
        app.MapGet(MyDataSchema.Path, () => Results.Text(MyDataSchema.Text, "application/schema+json"));
        var mine = app.MapGroup("/mina-uppgifter/{token}");
        mine.MapGet("", (HttpContext context, string token, MyDataVisits visits) => visits.ShowAsync<MyDataPage>(context, token));
        mine.MapGet("/uppgifter.json", (HttpContext context, string token, MyDataVisits visits) => visits.DownloadAsync(context, token));
        mine.MapGet("/radera", (HttpContext context, string token, MyDataVisits visits) => visits.ShowAsync<ErasePage>(context, token));
        mine.MapPost("/radera", (HttpContext context, string token, MyDataVisits visits) => visits.EraseAsync(context, token)).RequireFormToken();
    }

    /// <summary>The file, as a browser saves it.</summary>
    public static IResult Download(MyDataFile file) => Results.File(
        JsonSerializer.SerializeToUtf8Bytes(file, MyDataSchema.Options), "application/json", "mina-uppgifter.json");
}

/// <summary>What is done behind such a link.</summary>
public sealed class MyDataVisits(LinkSigner signer, MyDataReader reader, Erasures erasures, DatabaseClock time)
{
    public async Task<IResult> ShowAsync<TPage>(HttpContext context, string token) =>
        await FindAsync(context, token) is { } history
            ? PageResult.Of<TPage>(200, (nameof(MyDataPage.History), history), (nameof(MyDataPage.Token), token))
            : NotHere();

    public async Task<IResult> DownloadAsync(HttpContext context, string token) =>
        await FindAsync(context, token) is { } history
            ? MyDataEndpoints.Download(await reader.FileAsync(history, context.RequestAborted))
            : NotHere();

    public async Task<IResult> EraseAsync(HttpContext context, string token)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Read(token) is { } id && await erasures.EraseSelfAsync(id, context.RequestAborted)
            ? Results.LocalRedirect(MyDataEndpoints.Erased) : NotHere();
    }

    private async Task<PersonHistory?> FindAsync(HttpContext context, string token)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        return Read(token) is { } id ? await reader.HistoryAsync(id, context.RequestAborted) : null;
    }

    private long? Read(string token) => signer.TryReadUntil(LinkPurpose.MyData, token, time.GetUtcNow(), out var id) ? id : null;

    private static IResult NotHere() => PageResult.Of<NoMyDataPage>(StatusCodes.Status410Gone);
}
