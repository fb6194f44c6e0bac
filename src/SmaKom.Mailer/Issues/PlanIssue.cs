using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// Recurs each minute, in case an issue's own job was lost: sees that each issue has one, and starts every queued issue whose time has come.
/// </summary>
public sealed class PlanIssue(IssueJobs jobs, IssuePlanner planner) : IJob
{
    public async Task RunAsync(string? key, CancellationToken ct)
    {
        try
        {
            await jobs.EnsureAllAsync(ct);
        }
        finally
        {
            // Whatever ails Hangfire: what is due goes out.
            await planner.PlanDueAsync(ct);
        }
    }
}
