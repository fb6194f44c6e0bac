using Microsoft.AspNetCore.Antiforgery;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>What the buttons of the pages of jobs post to: each does one thing, notes who did it and leads back.</summary>
internal static class JobEndpoints
{
    public const string Board = "/admin/jobb";

    /// <summary>Hangfire's own dashboard.</summary>
    public const string Hangfire = "/hangfire";

    public const string Runs = "/admin/jobb/korningar";

    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapPost("/kor-nu", RunNowAsync);
        jobs.MapPost("/pausa", PauseAsync);
        jobs.MapPost("/fortsatt", ResumeAsync);
        jobs.MapPost("/ta-bort-planerat", UnscheduleAsync);
        jobs.MapPost("/korningar/{id:long}/igen", RetryAsync);
        jobs.MapPost("/korningar/{id:long}/ta-bort", DeleteAsync);
        jobs.MapPost("/korningar/alla/igen", RetryAllAsync);
        jobs.MapPost("/korningar/alla/ta-bort", DeleteAllAsync);
    }

    private static Task<IResult> RunNowAsync(HttpContext context, JobEngine engine, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "run-now", job => { engine.RunNow(job, null); return Task.CompletedTask; });

    private static Task<IResult> PauseAsync(HttpContext context, JobPauses pauses, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "pause", job => pauses.PauseAsync(job, context.User.Identity?.Name ?? "?", context.RequestAborted));

    private static Task<IResult> ResumeAsync(HttpContext context, JobPauses pauses, IEnumerable<JobEntry> jobs) =>
        OfJobAsync(context, jobs, "resume", job => pauses.ResumeAsync(job, context.RequestAborted));

    private static async Task<IResult> UnscheduleAsync(HttpContext context, JobEngine engine)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var id = form["jobb"].ToString();
        if (engine.Planned().FirstOrDefault(planned => planned.JobId == id) is not { } run) return Results.LocalRedirect(Board);
        if (!engine.Delete(id)) return Results.LocalRedirect(Board);
        return await DoneAsync(context, "unschedule", $"{run.Job} {run.Key}", Board);
    }

    private static async Task<IResult> RetryAsync(long id, HttpContext context, RunList runs, JobEngine engine)
    {
        if (await FormAsync(context) is null) return Results.BadRequest();
        if (await runs.FindAsync(id, context.RequestAborted) is not { Run: var run }) return Results.NotFound();
        engine.RunNow(run.Job, run.Key);
        return await DoneAsync(context, "retry", $"{run.Job} {run.Key}".TrimEnd(), Runs);
    }

    private static async Task<IResult> DeleteAsync(long id, HttpContext context, RunList runs)
    {
        if (await FormAsync(context) is null) return Results.BadRequest();
        var deleted = await runs.DeleteAsync(new(null, null, null, null, null), id, context.RequestAborted);
        return deleted == 0 ? Results.LocalRedirect($"{Runs}/{id}") : await DoneAsync(context, "delete", $"{id}", Runs);
    }

    private static async Task<IResult> RetryAllAsync(HttpContext context, RunList runs, JobEngine engine)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var things = await runs.AskForRetryAsync(RunFilter.From(form), context.RequestAborted);
        engine.RunNow(nameof(RetryRuns), null);
        return await DoneAsync(context, "retry-all", $"{things}", Runs, ("antal", $"{things}"));
    }

    private static async Task<IResult> DeleteAllAsync(HttpContext context, RunList runs)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var deleted = await runs.DeleteAsync(RunFilter.From(form), null, context.RequestAborted);
        return await DoneAsync(context, "delete-all", $"{deleted}", Runs, ("antal", $"{deleted}"));
    }

    private static async Task<IResult> OfJobAsync(HttpContext context, IEnumerable<JobEntry> jobs, string what, Func<string, Task> move)
    {
        if (await FormAsync(context) is not { } form) return Results.BadRequest();
        var job = form["jobb"].ToString();
        if (jobs.All(entry => entry.Name != job)) return Results.NotFound();
        await move(job);
        return await DoneAsync(context, what, job, Board, ("jobb", job));
    }

    private static async Task<IResult> DoneAsync(HttpContext context, string what, string target, string path, params (string Name, string Value)[] more)
    {
        await context.RequestServices.GetRequiredService<AuditLog>().NoteAsync(context.User, $"job.{what}", target, context.RequestAborted);
        // Named apart from a filter's part: what was done is not what is looked at.
        return Results.LocalRedirect(new RunFilter(null, null, null, null, null).At(path, [("gjort", what), .. more.Select(part => ("om", part.Value))]));
    }

    private static async Task<IFormCollection?> FormAsync(HttpContext context) =>
        await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context) ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
}
