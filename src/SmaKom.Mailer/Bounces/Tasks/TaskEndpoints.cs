using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Bounces.Tasks;

/// <summary>What the forms of <see cref="TasksPage"/> post to.</summary>
internal static class TaskEndpoints
{
    public const string Root = "/redaktion/att-gora";

    public static void MapTasks(this WebApplication app)
    {
        var tasks = app.MapGroup(Root).RequireAuthorization(StaffPolicy.Editing).RequireFormToken();
        tasks.MapPost("/{id:long:min(1)}/klar", async (long id, HttpContext context, StaffTasks commands) =>
            Answer(await commands.DoneAsync(id, Actor.Of(context.User), context.RequestAborted), "klar", id, ""));
        tasks.MapPost("/{id:long:min(1)}/forsok", async (long id, HttpContext context, StaffTasks commands) =>
            Answer(await commands.TryAgainAsync(id, Actor.Of(context.User), context.RequestAborted), "forsok", id, ""));
        tasks.MapPost("/{id:long:min(1)}/adress", async (long id, HttpContext context, StaffTasks commands) =>
        {
            var typed = (await context.Request.ReadFormAsync(context.RequestAborted))["adress"].ToString();
            return Answer(await commands.SuggestAsync(id, typed, Actor.Of(context.User), context.RequestAborted), "adress", id, typed);
        });
    }

    // Somebody else may have done it meanwhile: the page shows what is left.
    private static IResult Answer(TaskAnswer answer, string done, long id, string typed) => answer switch
    {
        TaskAnswer.Done => Results.LocalRedirect($"{Root}?svar={done}"),
        TaskAnswer.NoSuchTask => Results.LocalRedirect($"{Root}?svar=borta"),
        _ => PageResult.Of<TasksPage>(StatusCodes.Status422UnprocessableEntity,
            (nameof(TasksPage.Wrong), (long?)id), (nameof(TasksPage.Typed), typed), (nameof(TasksPage.Fault), answer.ToString())),
    };
}
