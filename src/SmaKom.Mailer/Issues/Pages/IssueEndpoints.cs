using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Calendar;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>
/// What the buttons of an issue post to: each moves it and leads back to its page. Endpoints of their own, since a page
/// that shows another state by now has no such form any more, and the answer must still be a sentence.
/// </summary>
internal static class IssueEndpoints
{
    public static void Map(RouteGroupBuilder issue)
    {
        issue.MapPost("/ta-tillbaka", (int id, HttpContext context, IssueCommands commands) => MoveAsync(id, context, () => commands.TakeBackAsync(id, context.RequestAborted)));
        issue.MapPost("/pausa", (int id, HttpContext context, IssueCommands commands) => MoveAsync(id, context, () => commands.PauseAsync(id, context.RequestAborted)));
        issue.MapPost("/fortsatt", (int id, HttpContext context, IssueCommands commands) => MoveAsync(id, context, () => commands.ResumeAsync(id, context.RequestAborted)));
        issue.MapPost("/koa/bekrafta", QueueAsync);
        issue.MapPost("/avbryt/bekrafta", CancelAsync);
    }

    /// <summary>The time is read anew: it may have passed while the page was open.</summary>
    private static async Task<IResult> QueueAsync(int id, HttpContext context, IssueCommands commands, SendTimeReader reader, TimeProvider time, IOptions<UndoOptions> undo)
    {
        if (!await HasTokenAsync(context)) return Results.BadRequest();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (when, date, clock) = (form["nar"].ToString(), form["datum"].ToString(), form["tid"].ToString());
        var wanted = when == "nu" ? new SendTime(time.GetUtcNow() + undo.Value.UndoWindow, false, null) : reader.Read(date, clock);
        if (wanted.At is null) return Results.LocalRedirect($"{Address(id)}/koa?nar=tid&datum={Uri.EscapeDataString(date)}&tid={Uri.EscapeDataString(clock)}");
        return await MoveAsync(id, context, () => commands.QueueAsync(id, wanted.At, context.RequestAborted));
    }

    private static async Task<IResult> CancelAsync(int id, HttpContext context, IssueCommands commands, IStringLocalizer<StaffWords> words)
    {
        if (!await HasTokenAsync(context)) return Results.BadRequest();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return string.Equals(form["ord"].ToString().Trim(), words["Cancel.Word"], StringComparison.CurrentCultureIgnoreCase)
            ? await MoveAsync(id, context, () => commands.CancelAsync(id, context.RequestAborted))
            : Results.LocalRedirect($"{Address(id)}/avbryt?fel=true");
    }

    private static async Task<IResult> MoveAsync(int id, HttpContext context, Func<Task<CommandAnswer>> move)
    {
        if (!await HasTokenAsync(context)) return Results.BadRequest();
        return await move() switch
        {
            CommandAnswer.Done => Results.LocalRedirect(Address(id)),
            CommandAnswer.NoSuchIssue => Results.NotFound(),
            var answer => Results.LocalRedirect($"{Address(id)}?svar={answer}"),
        };
    }

    private static Task<bool> HasTokenAsync(HttpContext context) => context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);

    private static string Address(int id) => $"/redaktion/nummer/{id}";
}
