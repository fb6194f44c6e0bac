using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Jobs.Pages;

/// <param name="Alarm">True for what stops the work, false for what somebody should look at.</param>
/// <param name="Link">Where more is said, or null.</param>
public sealed record Trouble(bool Alarm, string Says, string? Link = null);

/// <summary>What is wrong with jobs and workers, in sentences: what has happened, whether anything is lost, what to do.</summary>
public sealed class JobDiagnosis(IStringLocalizer<JobWords> words, JobPhrases say, LocalText text, DatabaseClock time)
{
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(5);
    // An issue is followed for as long as its letters take; what is wrong there, the mailing's own page says.
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    public IEnumerable<Trouble> Of(Board board)
    {
        var now = time.GetUtcNow();
        if (!board.Workers.Any(worker => !worker.Silent))
            yield return new(true, words["Trouble.NoWorker"]);
        foreach (var worker in board.Workers.Where(worker => worker.Silent))
            yield return new(true, words["Trouble.Silent", worker.Name, say.Duration(worker.Silence)]);
        foreach (var job in board.Recurring.Where(job => job.Pause is not null))
            yield return new(false, words["Trouble.Paused", say.Does(job.Job), job.Pause!.By, text.Short(job.Pause.Since)]);
        foreach (var job in board.Recurring.Where(job => job.Pause is null && job.Next < now - Overdue))
            yield return new(true, words["Trouble.Overdue", say.Does(job.Job), text.Short(job.Next!.Value)]);
        foreach (var job in board.Recurring.Where(job => job.Last is { State: JobRunState.Failed }))
            yield return new(true, words["Trouble.Failed", say.Does(job.Job), say.When(job.Last!.StartedAt), (job.Last.Cause ?? "").TrimEnd('.')], $"/admin/jobb/korningar/{job.Last.Id}");
        foreach (var run in board.Running.Where(run => now - run.StartedAt > Long && board.Recurring.Any(job => job.Job == run.Job)))
            yield return new(false, words["Trouble.Long", say.Does(run.Job), say.Took(run), run.Node], $"/admin/jobb/korningar/{run.Id}");
    }
}
