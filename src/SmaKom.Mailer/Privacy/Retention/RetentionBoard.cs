using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.SignUp;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>One of the jobs that forget, as administrators see it.</summary>
/// <param name="Job">Its name in the table of jobs.</param>
/// <param name="Keep">How long it keeps what it forgets.</param>
/// <param name="Next">When something is over its time next; null: there is nothing to forget.</param>
/// <param name="NextCount">So much on that day.</param>
/// <param name="LastGone">The last time that there was something.</param>
public sealed record RetentionDuty(
    string Job, TimeSpan Keep, long Held, DateTimeOffset? Next, long NextCount, DateTimeOffset? RanAt, long LastGone, DateTimeOffset? LastGoneAt,
    long GoneEver);

/// <summary>What is forgotten when, and what has been.</summary>
public sealed class RetentionBoard(NpgsqlDataSource source, IOptions<RetentionOptions> options)
{
    // What is kept, as rows of a time and a number: small tables, or, of letters, one row for each issue.
    private const string SignUps = "SELECT requested_at AS at, 1 AS number FROM sign_up";
    private const string Mails = $"SELECT created_at AS at, 1 AS number FROM notice WHERE {ForgetMails.Ours}";
    private const string Actions = "SELECT at, 1 AS number FROM admin_action";
    private const string Traces = "SELECT at, 1 AS number FROM form_post UNION ALL SELECT at, 1 FROM login_attempt";
    // One that was set aside has 60 days more.
    private const string Returns =
        """
        SELECT received_at + CASE state WHEN 'read' THEN interval '0' ELSE interval '60 days' END AS at, 1 AS number
        FROM incoming_mail
        WHERE bytes IS NOT NULL AND state <> 'waiting'
        """;
    private const string Letters =
        """
        SELECT finished_at AS at, audience AS number
        FROM issue AS i
        WHERE state IN ('sent', 'cancelled') AND EXISTS (SELECT FROM delivery WHERE issue_id = i.id)
        """;

    public async Task<IReadOnlyList<RetentionDuty>> ReadAsync(CancellationToken ct)
    {
        (string Job, TimeSpan Keep, string Kept)[] duties =
        [
            (nameof(ForgetSignUps), ForgetSignUps.Keep, SignUps),
            (nameof(ForgetLetters), options.Value.LetterDetails, Letters),
            (nameof(ForgetMails), options.Value.LetterDetails, Mails),
            (nameof(ForgetReturns), ForgetReturns.Keep, Returns),
            (nameof(ForgetTraces), ForgetTraces.Network, Traces),
            (nameof(ForgetActions), options.Value.AdminLog, Actions),
        ];
        var read = new List<RetentionDuty>();
        foreach (var (job, keep, kept) in duties) read.Add(await ReadAsync(job, keep, kept, ct));
        return read;
    }

    private async Task<RetentionDuty> ReadAsync(string job, TimeSpan keep, string kept, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            WITH kept AS ({kept}),
            next AS (SELECT min(at) AS at, COALESCE(sum(number), 0)::bigint AS held FROM kept)
            SELECT next.held, next.at + @keep,
                   (SELECT COALESCE(sum(number), 0)::bigint FROM kept WHERE at < GREATEST(next.at, now() - @keep) + interval '1 day'),
                   r.ran_at, COALESCE(r.gone, 0), r.gone_at, COALESCE(r.gone_ever, 0)
            FROM next
            LEFT JOIN retention AS r ON r.job = @job
            """).With(new("keep", keep), new("job", job));
        await using var row = await select.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(job, keep, row.GetInt64(0), Time(1), row.GetInt64(2), Time(3), row.GetInt64(4), Time(5), row.GetInt64(6));

        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
