using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Privacy.MyData;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Privacy.Requests;

/// <summary>
/// <c>/redaktion/personuppgifter</c>: requests for a copy, or to be erased, that reach the office by phone or mail. The address comes by POST and
/// stands in no address of ours; what was done is noted without it.
/// </summary>
internal static class DataRequestEndpoints
{
    public const string Root = "/redaktion/personuppgifter";
    public const string AddressField = "adress";

    /// <summary>The box that is ticked before somebody is erased.</summary>
    public const string SureField = "saker";

    public static void MapDataRequests(this WebApplication app)
    {
        var requests = app.MapGroup(Root).RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        requests.MapGet("", () => PageResult.Of<DataRequestPage>());
        requests.MapPost("", (HttpContext context, MyDataReader reader) => FindAsync(context, reader, null));
        requests.MapPost("/hamta", DownloadAsync);
        requests.MapPost("/radera", EraseAsync);
    }

    private static async Task<IResult> FindAsync(HttpContext context, MyDataReader reader, string? missing)
    {
        var (typed, address) = await AddressAsync(context);
        var found = address is null ? null : await reader.FindAsync(address, context.RequestAborted);
        return Page(missing is null ? 200 : 422, typed, address is null ? "Request.NoAddress" : found is null ? "Request.Nothing" : missing, found);
    }

    private static async Task<IResult> DownloadAsync(HttpContext context, MyDataReader reader, AuditLog audit)
    {
        var (typed, address) = await AddressAsync(context);
        if (address is null || await reader.FindAsync(address, context.RequestAborted) is not { } file)
            return Page(404, typed, "Request.Nothing", null);
        await audit.NoteAsync(Actor.Of(context.User), "subscribers.export", null, context.RequestAborted);
        return MyDataEndpoints.Download(file);
    }

    private static async Task<IResult> EraseAsync(HttpContext context, MyDataReader reader, Erasures erasures)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form[SureField].Count == 0) return await FindAsync(context, reader, "Request.NotSure");
        var (typed, address) = await AddressAsync(context);
        return address is not null && await erasures.EraseAsync(address, Actor.Of(context.User), context.RequestAborted)
            ? PageResult.Of<DataRequestPage>(200, (nameof(DataRequestPage.IsErased), true))
            : Page(404, typed, "Request.Nothing", null);
    }

    private static IResult Page(int status, string typed, string? problem, MyDataFile? found) => PageResult.Of<DataRequestPage>(status,
        (nameof(DataRequestPage.Typed), typed), (nameof(DataRequestPage.Problem), problem), (nameof(DataRequestPage.Found), found));

    private static async Task<(string Typed, EmailAddress? Address)> AddressAsync(HttpContext context)
    {
        var typed = (await context.Request.ReadFormAsync(context.RequestAborted))[AddressField].ToString().Trim();
        return (typed, EmailAddress.TryParse(typed, out var address, out _) ? address : null);
    }
}
