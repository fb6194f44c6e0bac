using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Jobs;

/// <summary>A job and when it recurs.</summary>
/// <param name="Name">Name in the database, the dashboard and the log.</param>
/// <param name="Type">The <see cref="IJob"/>.</param>
/// <param name="Cron">Hangfire's cron, with seconds, in the site's zone; null: runs only when it is asked for.</param>
public sealed record JobEntry(string Name, Type Type, string? Cron);

/// <summary>All recurring work, as one table of data.</summary>
public static class JobTable
{
    public static readonly IReadOnlyList<JobEntry> Jobs =
    [
        new(nameof(PlanIssue), typeof(PlanIssue), "0 * * * * *"),
        new(nameof(SendIssue), typeof(SendIssue), null),
        new(nameof(RescueStalled), typeof(RescueStalled), "0/15 * * * * *"),
        new(nameof(ForgetSignUps), typeof(ForgetSignUps), "0 17 * * * *"),
        new(nameof(ForgetRuns), typeof(ForgetRuns), "0 23 * * * *"),
        new(nameof(RetryRuns), typeof(RetryRuns), "30 0/5 * * * *"),
    ];
}
