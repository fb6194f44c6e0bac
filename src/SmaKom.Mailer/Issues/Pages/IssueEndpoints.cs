using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues.Compose.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Reports.Unknown;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>
/// What the buttons of an issue post to: each moves it and leads back to its page. Endpoints of their own, since a page
/// that shows another state by now has no such form any more, and the answer must still be a sentence.
/// </summary>
internal static class IssueEndpoints
{
    /// <summary>Field of the box that an administrator ticks to queue without a test letter.</summary>
    public const string WithoutTestField = "utan-testbrev";

    public static void MapIssues(this WebApplication app)
    {
        var issues = app.MapGroup("/redaktion/nummer").RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        var issue = issues.MapGroup("/{id:int:min(1)}");
        ComposeEndpoints.MapNew(issues);
        ComposeEndpoints.Map(issue);
        issue.MapGet("/forhandsvisning", IssuePreview.AnswerAsync);
        issue.MapGet("/lage", MailingProgress.OfIssue);
        issue.MapPost("/ta-tillbaka",
            (int id, HttpContext context, IssueCommands commands) =>
            MoveAsync(id, () => commands.TakeBackAsync(id, Actor.Of(context.User), context.RequestAborted)));
        issue.MapPost("/pausa",
            (int id, HttpContext context, IssueCommands commands) =>
            MoveAsync(id, () => commands.PauseAsync(id, Actor.Of(context.User), context.RequestAborted)));
        issue.MapPost("/fortsatt",
            (int id, HttpContext context, IssueCommands commands) =>
            MoveAsync(id, () => commands.ResumeAsync(id, Actor.Of(context.User), context.RequestAborted)));
        issue.MapPost("/koa/bekrafta", QueueAsync);
        issue.MapPost("/avbryt/bekrafta", CancelAsync);
        issue.MapPost("/ratta", CorrectAsync);
        issue.MapPost("/ratta/ta-bort",
            async (int id, HttpContext context, IssueCorrections corrections) =>
            Lead(id, await corrections.WithdrawAsync(id, Actor.Of(context.User), context.RequestAborted)));
        // What became of single persons' letters is the administrators' to see and to decide on; an editor sees the numbers.
        issue.MapGet("/kvitto.csv", LettersFile.AnswerReceiptAsync).RequireAuthorization(StaffPolicy.Administration);
        issue.MapPost("/ovissa/besluta", UnknownEndpoints.DecideAsync).RequireAuthorization(StaffPolicy.Administration);
    }

    /// <summary>The time is read anew: it may have passed while the page was open.</summary>
    private static async Task<IResult> QueueAsync(int id, HttpContext context, IssueCommands commands, SendTimeReader reader, DatabaseClock time,
        IOptions<UndoOptions> undo)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (when, written) = (form["nar"].ToString(), form["tid"].ToString());
        var now = when == QueuePage.Now;
        var wanted = now ? new SendTime(time.GetUtcNow() + undo.Value.UndoWindow, false, null) : reader.Read(written);
        var again = $"{Address(id)}/koa?nar={(now ? QueuePage.Now : QueuePage.At)}&tid={Kept(written)}";
        if (wanted.At is null) return Results.LocalRedirect(again);
        var (answer, _) = await commands.QueueAsync(id, wanted.At, Actor.Of(context.User), form[WithoutTestField] == "true", context.RequestAborted);
        // The page before shows what was found.
        return answer == CommandAnswer.Blocked ? Results.LocalRedirect(again) : Lead(id, answer);
    }

    // As the review wrote it (SendTimeReader.Write); whatever else came goes into no address.
    private static string Kept(string written) =>
        written.Length <= 16 && written.All(c => char.IsAsciiDigit(c) || c is '-' or ':' or ' ') ? Uri.EscapeDataString(written) : "";

    private static async Task<IResult> CancelAsync(int id, HttpContext context, IssueCommands commands, IStringLocalizer<StaffWords> words)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return string.Equals(form["ord"].ToString().Trim(), words["Cancel.Word"], StringComparison.CurrentCultureIgnoreCase)
            ? await MoveAsync(id, () => commands.CancelAsync(id, Actor.Of(context.User), context.RequestAborted))
            : Results.LocalRedirect($"{Address(id)}/avbryt?fel=true");
    }

    private static async Task<IResult> CorrectAsync(int id, HttpContext context, IssueCorrections corrections)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return Lead(id, await corrections.CorrectAsync(id, form["rattelse"].ToString(), Actor.Of(context.User), context.RequestAborted));
    }

    private static IResult Lead(int id, CorrectionAnswer answer) => answer switch
    {
        CorrectionAnswer.NoSuchIssue => Results.NotFound(),
        CorrectionAnswer.NoSentence => Results.LocalRedirect($"{Address(id)}?svar={answer}#rattelse"),
        CorrectionAnswer.NotSent => Results.LocalRedirect($"{Address(id)}?svar={CommandAnswer.WrongState}"),
        _ => Results.LocalRedirect($"{Address(id)}#rattelse"),
    };

    private static async Task<IResult> MoveAsync(int id, Func<Task<CommandAnswer>> move) => Lead(id, await move());

    private static IResult Lead(int id, CommandAnswer answer) => answer switch
    {
        CommandAnswer.Done => Results.LocalRedirect(Address(id)),
        CommandAnswer.NoSuchIssue => Results.NotFound(),
        _ => Results.LocalRedirect($"{Address(id)}?svar={answer}"),
    };

    private static string Address(int id) => $"/redaktion/nummer/{id}";
}
