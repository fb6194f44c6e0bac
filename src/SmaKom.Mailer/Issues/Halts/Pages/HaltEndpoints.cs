using System.Globalization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Issues.Halts.Pages;

/// <summary>What the buttons of <see cref="HaltsPage"/> post to. To stop an issue is to cancel it, on that page.</summary>
internal static class HaltEndpoints
{
    public const string Page = "/admin/stopp";
    public const string GoOn = "fortsatt";
    public const string Unknown = "ovissa";

    /// <summary>Somebody had decided before.</summary>
    public const string Nothing = "inget";

    public static void MapHalts(this WebApplication app) => app.AdminGroup(Page).MapPost("/besluta", DecideAsync);

    private static async Task<IResult> DecideAsync(HttpContext context, HaltList halts, HaltCommands commands)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (decision, actor, ct) = (form["beslut"].ToString(), Actor.Of(context.User), context.RequestAborted);
        if (decision is not (GoOn or Unknown)) return Results.BadRequest();
        _ = int.TryParse(form["stopp"], CultureInfo.InvariantCulture, out var id);
        if ((await halts.ListAsync(ct)).SingleOrDefault(halt => halt.Id == id) is not { } halt) return Lead(Nothing, 0);
        int? letters = (halt.IssueId, decision) switch
        {
            ({ } issue, GoOn) => await commands.GoOnAsync(issue, actor, ct) == CommandAnswer.Done ? halt.Waiting : null,
            ({ } issue, _) => await commands.TreatAsUnknownAsync(issue, actor, ct),
            (null, GoOn) => await commands.SendNoticesAsync(actor, ct),
            _ => await commands.DropNoticesAsync(actor, ct),
        };
        return letters is { } count ? Lead(decision, count, halt.IssueId) : Lead(Nothing, 0);
    }

    private static IResult Lead(string answer, int count, int? issue = null) => Results.LocalRedirect(
        $"{Page}?svar={answer}&antal={count.ToString(CultureInfo.InvariantCulture)}{(issue is { } id ? string.Create(CultureInfo.InvariantCulture, $"&nummer={id}") : "")}");
}
