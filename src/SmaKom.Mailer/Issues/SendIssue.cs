using System.Globalization;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Issues;

/// <summary>Why a job stopped following its issue.</summary>
public enum SendingEnd
{
    /// <summary>Every letter has been tried once. Those that were put off are tried again by the workers, without the job.</summary>
    Tried,
    Paused,
    Cancelled,
    /// <summary>The issue is a draft again.</summary>
    TakenBack,
    /// <summary>The issue has another job.</summary>
    Replaced,
}

/// <summary>What Hangfire keeps of a job that ended.</summary>
/// <param name="Ended">A <see cref="SendingEnd"/>, as a word.</param>
/// <param name="Receipt">As it was then.</param>
public sealed record SendingResult(string Ended, Receipt? Receipt);

/// <summary>
/// Plans an issue at its time and follows it while its letters go out. It sends nothing and holds no truth: rows decide, so two that
/// follow one issue side by side (a worker that was frozen and wakes) do no harm, and none at all costs only the view.
/// </summary>
public sealed class SendIssue(IssuePlanner planner, IssueJobs jobs, Receipts receipts, NpgsqlDataSource source, TimeProvider time,
    ILogger<SendIssue> log) : IJob
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private const int RestPerWork = 20;

    /// <summary>Asked for from the history: sees that the issue has its job.</summary>
    public Task RunAsync(string? key, CancellationToken ct) => jobs.EnsureAsync(int.Parse(key!, CultureInfo.InvariantCulture), ct);

    /// <param name="job">Hangfire's id of the job that follows; it ends when the issue has another.</param>
    public async Task<SendingResult> FollowAsync(int issue, string job, CancellationToken ct)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            if (await StepAsync(issue, job, ct) is { } result) return result;
            // A look that takes long is seldom taken.
            var rest = time.GetElapsedTime(began) * RestPerWork;
            await Task.Delay(rest > Pace ? rest : Pace, time, ct);
        }
    }

    /// <returns>Null: it goes on.</returns>
    private async Task<SendingResult?> StepAsync(int issue, string job, CancellationToken ct)
    {
        try
        {
            await planner.PlanAsync(issue, ct);
            return await EndAsync(issue, job, ct) is { } end ? new($"{end}", await receipts.ReadAsync(issue, ct)) : null;
        }
        // A database that restarts: the letters wait for it, and so does who follows them.
        catch (Exception e) when (DatabaseFailure.IsAway(e))
        {
            log.LogDatabaseFailure($"following issue {issue}", e);
            return null;
        }
    }

    private async Task<SendingEnd?> EndAsync(int issue, string job, CancellationToken ct)
    {
        await using var command =
            source.CreateCommand($"SELECT i.state, i.job_id, i.state = 'sending' AND {IssueJobs.HasUntried} FROM issue AS i WHERE i.id = @issue")
            .With(new NpgsqlParameter("issue", issue));
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) return SendingEnd.TakenBack;
        var (state, hasUntried) = (row.GetFieldValue<IssueState>(0), row.GetBoolean(2));
        var isMine = !row.IsDBNull(1) && row.GetString(1) == job;
        return state switch
        {
            IssueState.Queued or IssueState.Sending when !isMine => SendingEnd.Replaced,
            IssueState.Queued => null,
            IssueState.Sending when hasUntried => null,
            IssueState.Paused => SendingEnd.Paused,
            IssueState.Cancelled => SendingEnd.Cancelled,
            IssueState.Draft => SendingEnd.TakenBack,
            _ => SendingEnd.Tried,
        };
    }
}
