using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// The Hangfire job of one issue, "Skicka nummer 2026-12": scheduled while the issue is queued, processing while its letters go out,
/// succeeded with the receipt.
/// </summary>
public sealed class IssueRun(JobRunner runner, SendIssue sending)
{
    /// <param name="slug">For the dashboard only, which then asks no database for a name.</param>
    /// <exception cref="JobRunFailedException">It failed; noted already, thrown so that Hangfire's dashboard shows it too.</exception>
    [Queue(JobQueues.Issues)]
    public async Task<SendingResult?> RunAsync(int issue, string slug, PerformContext? context, CancellationToken ct)
    {
        SendingResult? result = null;
        var state = await runner.RunAsync(RunOf(issue), async _ => result = await sending.FollowAsync(issue, context!.BackgroundJob.Id, ct), ct);
        return state == JobRunState.Failed ? throw new JobRunFailedException(RunOf(issue)) : result;
    }

    /// <summary>Hangfire's form of it.</summary>
    public static Job CallOf(int issue, string slug) => Job.FromExpression<IssueRun>(run => run.RunAsync(issue, slug, null, CancellationToken.None));

    /// <returns>Null: not the job of an issue.</returns>
    public static (int Issue, string Slug)? IssueOf(Job? job) =>
        job?.Type == typeof(IssueRun) && job.Args is [int issue, string slug, ..] ? (issue, slug) : null;

    private static PlannedRun RunOf(int issue) => new(nameof(SendIssue), issue.ToString(CultureInfo.InvariantCulture), RunKind.Once, null);

    /// <summary>For the list of what is planned.</summary>
    internal sealed class Reader : IPlannedJobReader
    {
        public PlannedRun? Read(Job? job) => IssueOf(job) is { Issue: var issue } ? RunOf(issue) : null;
    }
}
