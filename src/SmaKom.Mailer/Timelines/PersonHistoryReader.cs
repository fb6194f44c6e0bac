using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Timelines;

/// <summary>Reads what is known about one address. Every query goes by an index that leads to the person's own rows.</summary>
public sealed class PersonHistoryReader(NpgsqlDataSource source, IDbContextFactory<MailerDb> contexts, MailingLists lists)
{
    /// <summary>Null if there is no such subscriber, or if the person has been erased.</summary>
    public async Task<PersonHistory?> OfSubscriberAsync(long id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var who = await db.Subscribers.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.Status != SubscriberStatus.Erased, ct);
        return who is null ? null : await ReadAsync(who, who.Email, who.EmailKey, ct);
    }

    /// <summary>Of an address that has signed up and is no subscriber; null if there is no such sign-up.</summary>
    public async Task<PersonHistory?> OfSignUpAsync(long signUpId, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT email, email_key FROM sign_up WHERE id = @id")
            .With(new NpgsqlParameter("id", signUpId));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? await ReadAsync(null, row.GetString(0), row.GetString(1), ct) : null;
    }

    private async Task<PersonHistory> ReadAsync(Subscriber? who, string email, string key, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return new(who, email,
            who is null ? [] : await EventsAsync(connection, who.Id, ct), await SignUpsAsync(connection, key, ct),
            await NoticesAsync(connection, who?.Id, email, ct),
            who is null ? [] : await LettersAsync(connection, who.Id, ct), await LastIssueAsync(connection, who?.Id, ct))
        {
            Lists = (await lists.AllAsync(ct, closed: true)).ToDictionary(list => list.Id, lists.NameOf),
            ForgottenUntil = who is null ? null : (await ListAsync(
                connection,
                """
                SELECT max(i.started_at)
                FROM issue AS i
                WHERE i.started_at > @since AND EXISTS (SELECT FROM forgotten_letters WHERE issue_id = i.id)
                """,
                row => Time(row, 0), ct, new NpgsqlParameter("since", who.CreatedAt))).Single(),
        };
    }

    private static Task<List<PastEvent>> EventsAsync(NpgsqlConnection connection, long id, CancellationToken ct) => ListAsync(
        connection, "SELECT at, kind, detail FROM subscriber_event WHERE subscriber_id = @id ORDER BY id",
        row => new PastEvent(row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.GetFieldValue<JsonDocument>(2)), ct,
        new NpgsqlParameter("id", id));

    private static Task<List<PastSignUp>> SignUpsAsync(NpgsqlConnection connection, string key, CancellationToken ct) => ListAsync(
        connection,
        """
        SELECT requested_at, decided_at, verdict, expires_at, confirmed_at
        FROM sign_up
        WHERE email_key = @key
        ORDER BY requested_at
        LIMIT 50
        """,
        row => new PastSignUp(row.GetFieldValue<DateTimeOffset>(0), Time(row, 1), Text(row, 2), Time(row, 3), Time(row, 4)), ct,
        new NpgsqlParameter("key", key));

    private static Task<List<PastNotice>> NoticesAsync(NpgsqlConnection connection, long? id, string email, CancellationToken ct) => ListAsync(
        connection,
        """
        SELECT kind, state, COALESCE(finished_at, created_at), reply_code, reply_enhanced, reply_text
        FROM notice
        WHERE subscriber_id = @id OR lower(email) = lower(@email)
        ORDER BY created_at
        """,
        row => new PastNotice(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), ReplyAt(row, 3)), ct,
        new NpgsqlParameter("id", NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)id ?? DBNull.Value }, new NpgsqlParameter("email", email));

    private static async Task<List<PastLetter>> LettersAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        var letters = await ListAsync(
            connection,
            """
            SELECT d.id, i.id, i.slug, i.year, i.month, i.state, i.started_at, d.state, d.reason, d.attempts, d.email, r.name,
                   d.last_attempt_at, d.next_attempt_at, d.finished_at, d.reply_code, d.reply_enhanced, d.reply_text
            FROM delivery AS d
            JOIN issue AS i ON i.id = d.issue_id
            LEFT JOIN relay AS r ON r.id = d.relay_id
            WHERE d.subscriber_id = @id
            ORDER BY i.started_at, i.id
            """,
            row => new PastLetter(
                row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<IssueState>(5),
                row.GetFieldValue<DateTimeOffset>(6),
                row.GetFieldValue<DeliveryState>(7), Text(row, 8), row.GetInt16(9), row.GetString(10), Text(row, 11), Time(row, 12), Time(row, 13),
                Time(row, 14), ReplyAt(row, 15), [], []),
            ct, new NpgsqlParameter("id", id));
        var ids = new NpgsqlParameter("ids", letters.Select(letter => letter.Id).ToArray());
        var attempts = await ListAsync(
            connection,
            """
            SELECT a.delivery_id, a.at, a.outcome, r.name, a.stage, a.reply_code, a.reply_enhanced, a.reply_text
            FROM delivery_attempt AS a
            LEFT JOIN relay AS r ON r.id = a.relay_id
            WHERE a.delivery_id = ANY(@ids)
            ORDER BY a.at, a.id
            """,
            row => (Id: row.GetInt64(0),
                Row: new PastAttempt(row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DeliveryState>(2), Text(row, 3), Text(row, 4),
                    ReplyAt(row, 5))), ct, ids.Clone());
        var decisions = await ListAsync(
            connection,
            """
            SELECT l.delivery_id, n.at, n.kind, n.made_by
            FROM delivery_decision_letter AS l
            JOIN delivery_decision AS n ON n.id = l.decision_id
            WHERE l.delivery_id = ANY(@ids)
            ORDER BY n.id
            """,
            row => (Id: row.GetInt64(0), Row: new PastDecision(row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3))), ct,
            ids.Clone());
        var returns = await ListAsync(
            connection,
            """
            SELECT issue_id, at, class, whole_domain, code, status, words
            FROM return_signal
            WHERE subscriber_id = @id AND issue_id IS NOT NULL AND attempt_id IS NULL
            ORDER BY at, id
            """,
            row => (Issue: row.GetInt32(0), Row: new PastReturn(row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetBoolean(3),
                ReplyAt(row, 4))), ct, new NpgsqlParameter("id", id));
        return
        [
            .. letters.Select(letter => letter with
            {
                Returns = [.. returns.Where(r => r.Issue == letter.IssueId).Select(r => r.Row)],
                FailedAttempts = [.. attempts.Where(a => a.Id == letter.Id).Select(a => a.Row)],
                Decisions = [.. decisions.Where(d => d.Id == letter.Id).Select(d => d.Row)],
            }),
        ];
    }

    private static async Task<LastIssue?> LastIssueAsync(NpgsqlConnection connection, long? id, CancellationToken ct) => (await ListAsync(
        connection,
        """
        SELECT id, slug, year, month, started_at,
               EXISTS (SELECT FROM subscription WHERE subscriber_id = @id AND ended_at IS NULL AND list_id = ANY(issue.lists))
        FROM issue
        WHERE started_at IS NOT NULL
        ORDER BY started_at DESC, id DESC
        LIMIT 1
        """,
        row => new LastIssue(
            row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4), row.GetBoolean(5)), ct,
            new NpgsqlParameter("id", NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)id ?? DBNull.Value }))
            .SingleOrDefault();

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct,
        params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(parameters);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<T>();
        while (await rows.ReadAsync(ct)) found.Add(read(rows));
        return found;
    }

    private static Reply ReplyAt(NpgsqlDataReader row, int column) =>
        new(row.IsDBNull(column) ? null : row.GetInt16(column), Text(row, column + 1), Text(row, column + 2));
    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
