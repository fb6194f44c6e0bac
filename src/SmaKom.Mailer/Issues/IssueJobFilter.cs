using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// What somebody does to an issue's job in Hangfire's dashboard holds for the issue: deleted, it is taken back, or paused if its letters
/// go out; started before its time, it goes out now; run again, it goes on. A job that its issue does not name changes
/// nothing. Who did it stands in the administrators' log.
/// </summary>
public sealed class IssueJobFilter(NpgsqlDataSource source, IOptions<ScheduleOptions> options, IHttpContextAccessor request, DatabaseClock time)
    : IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (IssueRun.IssueOf(context.BackgroundJob.Job) is null) return;
        if (context.NewState.IsFinal) context.JobExpirationTimeout = options.Value.KeepRuns;
        if (context.NewState is DeletedState) Execute(Deleted, context);
        if (!AskedForByPerson.IsAsked(context.NewState)) return;
        if (context.OldStateName == ScheduledState.StateName) Execute(StartedEarly, context);
        else Execute(RunAgain, context);
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
    }

    private const string Deleted =
        """
        UPDATE issue
        SET state = (CASE state WHEN 'queued' THEN 'draft' ELSE 'paused' END)::issue_state,
            scheduled_at = CASE state WHEN 'sending' THEN scheduled_at END,
            updated_at = @now
        WHERE job_id = @job AND state IN ('queued', 'sending')
        RETURNING slug, CASE state WHEN 'draft' THEN 'job.issue-taken-back' ELSE 'job.issue-paused' END AS what
        """;

    private const string StartedEarly =
        """
        UPDATE issue
        SET scheduled_at = @now, updated_at = @now
        WHERE job_id = @job AND state = 'queued' AND scheduled_at > @now
        RETURNING slug, 'job.issue-now' AS what
        """;

    private const string RunAgain =
        """
        UPDATE issue
        SET state = 'sending', updated_at = @now
        WHERE job_id = @job AND state = 'paused' AND NOT EXISTS (SELECT FROM halt WHERE halt.issue_id = issue.id AND halt.decided_at IS NULL)
        RETURNING slug, 'job.issue-resumed' AS what
        """;

    private void Execute(string update, ApplyStateContext context)
    {
        using var connection = source.OpenConnection();
        using var move = new NpgsqlCommand(
            $"""
            WITH moved AS (
            {update}),
            decided AS (
                UPDATE halt
                SET decided_at = now(), decision = 'stop', decided_by = @audit_who
                FROM moved
                JOIN issue AS i USING (slug)
                WHERE halt.issue_id = i.id AND halt.decided_at IS NULL AND moved.what = 'job.issue-taken-back'),
            {AuditLog.Noted("moved", "slug", "what")}
            SELECT count(*) FROM moved
            """, connection).With(AuditLog.Parameters(Actor.Of(request.HttpContext?.User), "")).With(
            new("job", context.BackgroundJob.Id), new("now", time.GetUtcNow()));
        if (move.ExecuteScalar() is 0L) return;
        using var notify = new NpgsqlCommand($"NOTIFY {Wake.Channel}", connection);
        notify.ExecuteNonQuery();
    }
}
