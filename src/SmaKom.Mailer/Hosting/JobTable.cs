using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Domains;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Privacy.Retention;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Hosting;

/// <summary>All recurring work, as one table of data.</summary>
public static class JobTable
{
    public static readonly IReadOnlyList<JobEntry> Jobs =
    [
        new(nameof(PlanIssue), typeof(PlanIssue), "0 * * * * *"),
        new(nameof(SendIssue), typeof(SendIssue), null, KeyPath: "/redaktion/nummer/{0}"),
        new(nameof(RescueStalled), typeof(RescueStalled), "0/15 * * * * *"),
        new(nameof(ForgetSignUps), typeof(ForgetSignUps), "0 17 * * * *"),
        new(nameof(CheckLinks), typeof(CheckLinks), "40 0/5 * * * *"),
        new(nameof(CheckDomains), typeof(CheckDomains), "10 1/10 * * * *"),
        new(nameof(ForgetDrafts), typeof(ForgetDrafts), "0 29 * * * *"),
        new(nameof(ForgetLetters), typeof(ForgetLetters), "0 37 * * * *"),
        new(nameof(ForgetMails), typeof(ForgetMails), "0 43 * * * *"),
        new(nameof(ForgetReturns), typeof(ForgetReturns), "0 45 * * * *"),
        new(nameof(ForgetTraces), typeof(ForgetTraces), "0 47 * * * *"),
        new(nameof(ForgetActions), typeof(ForgetActions), "0 53 * * * *"),
        new(nameof(ForgetRuns), typeof(ForgetRuns), "0 23 * * * *"),
        new(nameof(RetryRuns), typeof(RetryRuns), "30 0/5 * * * *"),
    ];
}
