using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>What the buttons of the pages of jobs post to: each does one thing, notes who did it and leads back.</summary>
internal static class JobEndpoints
{
    public const string Board = "/admin/jobb";

    /// <summary>Hangfire's own dashboard.</summary>
    public const string Hangfire = "/hangfire";

    public const string Runs = "/admin/jobb/korningar";

    public static void MapJobs(this WebApplication app)
    {
        var jobs = app.AdminGroup(Board);
        jobs.MapGet("/lage", JobNews.Answer);
        jobs.MapPost("/kor-nu", RunNowAsync);
        jobs.MapPost("/pausa", PauseAsync);
        jobs.MapPost("/fortsatt", ResumeAsync);
        jobs.MapPost("/ta-bort-planerat", UnscheduleAsync);
        jobs.MapPost("/korningar/{id:long:min(1)}/igen", RetryAsync);
        jobs.MapPost("/korningar/{id:long:min(1)}/ta-bort", DeleteAsync);
        jobs.MapPost("/korningar/alla/igen", RetryAllAsync);
        jobs.MapPost("/korningar/alla/ta-bort", DeleteAllAsync);
    }

    private static Task<IResult> RunNowAsync(HttpContext context, JobEngine engine, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "run-now", async job =>
        {
            await NoteAsync(context, "run-now", job);
            engine.RunNow(job, null);
        });

    private static Task<IResult> PauseAsync(HttpContext context, JobPauses pauses, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "pause", job => pauses.PauseAsync(job, Actor.Of(context.User), context.RequestAborted));

    private static Task<IResult> ResumeAsync(HttpContext context, JobPauses pauses, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "resume", job => pauses.ResumeAsync(job, Actor.Of(context.User), context.RequestAborted));

    private static async Task<IResult> UnscheduleAsync(HttpContext context, JobEngine engine)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var id = form["jobb"].ToString();
        if (engine.Planned().FirstOrDefault(planned => planned.JobId == id) is not { } run) return Results.LocalRedirect(Board);
        if (!engine.Delete(id)) return Results.LocalRedirect(Board);
        await NoteAsync(context, "unschedule", $"{run.Job} {run.Key}");
        return Done("unschedule", Board);
    }

    private static async Task<IResult> RetryAsync(long id, HttpContext context, RunList runs, JobEngine engine)
    {
        if (await runs.FindAsync(id, context.RequestAborted) is not { Run: var run }) return Results.NotFound();
        await NoteAsync(context, "retry", $"{run.Job} {run.Key}".TrimEnd());
        engine.RunNow(run.Job, run.Key);
        return Done("retry", Runs);
    }

    private static async Task<IResult> DeleteAsync(long id, HttpContext context, RunList runs)
    {
        var deleted = await runs.DeleteAsync(new(null, null, null, null, null), id, Actor.Of(context.User), context.RequestAborted);
        return deleted == 0 ? Results.LocalRedirect($"{Runs}/{id}") : Done("delete", Runs);
    }

    private static async Task<IResult> RetryAllAsync(HttpContext context, RunList runs, JobEngine engine)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var things = await runs.AskForRetryAsync(RunFilter.From(form), Actor.Of(context.User), context.RequestAborted);
        engine.RunNow(nameof(RetryRuns), null);
        return Done("retry-all", Runs, ("antal", $"{things}"));
    }

    private static async Task<IResult> DeleteAllAsync(HttpContext context, RunList runs)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var deleted = await runs.DeleteAsync(RunFilter.From(form), null, Actor.Of(context.User), context.RequestAborted);
        return Done("delete-all", Runs, ("antal", $"{deleted}"));
    }

    private static async Task<IResult> OfJobAsync(HttpContext context, IEnumerable<JobEntry> jobs, string what, Func<string, Task> move)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var job = form["jobb"].ToString();
        if (jobs.All(entry => entry.Name != job)) return Results.NotFound();
        await move(job);
        return Done(what, Board, ("jobb", job));
    }

    // Hangfire's jobs are changed in transactions of its own: noted apart.
    private static Task NoteAsync(HttpContext context, string what, string target) =>
        context.RequestServices.GetRequiredService<AuditLog>().NoteAsync(Actor.Of(context.User), $"job.{what}", target, context.RequestAborted);

    // Named apart from a filter's part: what was done is not what is looked at.
    private static IResult Done(string what, string path, params (string Name, string Value)[] more) =>
        Results.LocalRedirect(new RunFilter(null, null, null, null, null).At(path, [("gjort", what), .. more.Select(part => ("om", part.Value))]));
}
