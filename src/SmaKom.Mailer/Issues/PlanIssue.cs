using SmaKom.Mailer.Schedule;

namespace SmaKom.Mailer.Issues;

/// <summary>Starts every queued issue whose time has come. Recurs each minute in case an alarm was missed.</summary>
public sealed class PlanIssue(IssuePlanner planner) : IJob
{
    public Task RunAsync(string? key, CancellationToken ct) => planner.PlanDueAsync(ct);
}
