using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Preferences;

namespace SmaKom.Mailer.Bounces.Tasks;

/// <summary>Something that a person of the staff is asked to do.</summary>
/// <param name="Kind"><c>address_gone</c>, <c>mailbox_troubled</c>, <c>has_left</c>, <c>domain_away</c> or <c>old_list</c>.</param>
/// <param name="Who">Whom it is about; null: a domain, or an issue.</param>
/// <param name="Issue">After which it came.</param>
/// <param name="Words">What the server said last, without addresses.</param>
public sealed record StaffTask(
    long Id, string Kind, TaskPerson? Who, string? Domain, TaskIssue? Issue, DateTimeOffset At, string? Words);

/// <param name="IsStopped">No letters go there now.</param>
public sealed record TaskPerson(long Id, string Email, string? Name, string? Municipality, bool IsStopped);

public sealed record TaskIssue(int Id, int Year, int Month);

/// <summary>What came of a command on a task.</summary>
public enum TaskAnswer { Done, NoSuchTask, NotAnAddress, SameAddress }

/// <summary>What is to be done about letters that came back, and the commands for it; each with who did it.</summary>
public sealed class StaffTasks(NpgsqlDataSource source, AddressChanges changes, DatabaseClock time)
{
    public const int Page = 50;

    /// <summary>Those that are not done, oldest first, and how many there are.</summary>
    public async Task<(IReadOnlyList<StaffTask> Tasks, long Count)> OpenAsync(CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"""
            SELECT t.id, t.kind, s.id, s.email, s.name, s.municipality, s.status = 'bounced', t.domain, i.id, i.year, i.month, t.at,
                   (SELECT concat_ws(' ', r.code, CASE WHEN r.words LIKE r.status || '%' THEN NULL ELSE r.status END, r.words)
                    FROM return_signal AS r
                    WHERE r.subscriber_id = t.subscriber_id AND t.kind <> 'has_left' AND r.words <> ''
                    ORDER BY r.id DESC
                    LIMIT 1),
                   count(*) OVER ()
            FROM staff_task AS t
            LEFT JOIN subscriber AS s ON s.id = t.subscriber_id
            LEFT JOIN issue AS i ON i.id = t.issue_id
            WHERE t.done_at IS NULL AND (s.id IS NULL OR s.status <> 'erased')
                -- Whoever has come back by themself needs nobody.
                AND (t.kind NOT IN ('address_gone', 'mailbox_troubled') OR s.status = 'bounced')
            ORDER BY t.at, t.id
            LIMIT {Page}
            """);
        await using var rows = await select.ExecuteReaderAsync(ct);
        var (tasks, count) = (new List<StaffTask>(), 0L);
        while (await rows.ReadAsync(ct))
        {
            count = rows.GetInt64(13);
            tasks.Add(new(
                rows.GetInt64(0), rows.GetString(1),
                rows.IsDBNull(2) ? null : new(rows.GetInt64(2), rows.GetString(3), Text(rows, 4), Text(rows, 5), rows.GetBoolean(6)),
                Text(rows, 7), rows.IsDBNull(8) ? null : new(rows.GetInt32(8), rows.GetInt32(9), rows.GetInt32(10)),
                rows.GetFieldValue<DateTimeOffset>(11), Text(rows, 12)));
        }

        return (tasks, count);
    }

    public async Task<TaskAnswer> DoneAsync(long id, Actor actor, CancellationToken ct) =>
        await AuditLog.DoAsync(
            source, "UPDATE staff_task SET done_at = now(), done_by = @by WHERE id = @id AND done_at IS NULL RETURNING id", "'#' || id",
            actor, "tasks.done", [new("id", id), new("by", actor.Name)], ct) ? TaskAnswer.Done : TaskAnswer.NoSuchTask;

    /// <summary>Letters go to the address again, and what came back before counts no more. Not after a complaint.</summary>
    public async Task<TaskAnswer> TryAgainAsync(long id, Actor actor, CancellationToken ct)
    {
        await using var again = source.CreateCommand(
            $"""
            WITH task AS (
                SELECT subscriber_id FROM staff_task WHERE id = @id AND done_at IS NULL FOR UPDATE
            ), back AS (
                UPDATE subscriber AS s
                SET status = 'active', left_at = NULL
                FROM task
                WHERE s.id = task.subscriber_id AND s.status = 'bounced'
                RETURNING s.id
            ), entry AS (
                INSERT INTO subscriber_event (subscriber_id, at, kind, detail)
                SELECT id, @now, @kind, jsonb_build_object('by', 'staff')
                FROM back
            ), done AS (
                UPDATE staff_task AS t
                SET done_at = now(), done_by = @audit_who
                FROM back
                WHERE t.subscriber_id = back.id AND t.done_at IS NULL AND t.kind IN ('address_gone', 'mailbox_troubled')
            ), {AuditLog.Noted("back", "'#' || id")}
            SELECT count(*) FROM back
            """).With(AuditLog.Parameters(actor, "subscribers.retry")).With(
            new("id", id), new("now", time.GetUtcNow()), new("kind", SubscriberEventKind.BounceRetried));
        return await again.ExecuteScalarAsync(ct) is > 0L ? TaskAnswer.Done : TaskAnswer.NoSuchTask;
    }

    /// <summary>The person is asked at another address whether their letters should come there; nothing changes before they say so.</summary>
    public async Task<TaskAnswer> SuggestAsync(long id, string typed, Actor actor, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT s.id, s.email_key
            FROM staff_task AS t
            JOIN subscriber AS s ON s.id = t.subscriber_id AND s.status <> 'erased'
            WHERE t.id = @id AND t.done_at IS NULL
            """).With(new NpgsqlParameter("id", id));
        var (subscriber, key) = (0L, "");
        await using (var row = await select.ExecuteReaderAsync(ct))
        {
            if (!await row.ReadAsync(ct)) return TaskAnswer.NoSuchTask;
            (subscriber, key) = (row.GetInt64(0), row.GetString(1));
        }

        if (!EmailAddress.TryParse(typed, out var address, out _)) return TaskAnswer.NotAnAddress;
        if (address.Key == key) return TaskAnswer.SameAddress;
        await changes.RequestAsync(subscriber, address, ct);
        return await DoneAsync(id, actor, ct);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
