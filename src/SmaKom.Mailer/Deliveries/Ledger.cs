using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// The SQL of intents and outcomes: one round trip and one commit for a batch of both, on a connection of its own with prepared statements.
/// </summary>
internal sealed class Ledger(NpgsqlDataSource source, DatabaseClock time) : IAsyncDisposable
{
    /// <summary>
    /// Why a letter by the list <c>f.list_id</c> is not sent to the row <c>u</c> of subscriber; null: it is. Two looks by primary key, in this order.
    /// </summary>
    internal const string WhyGone =
        """
        CASE WHEN u.status <> 'active' THEN u.status::text
             WHEN u.paused_until > now() THEN 'paused'
             WHEN (SELECT p.ended_at IS NULL
                   FROM subscription AS p
                   WHERE p.subscriber_id = u.id AND p.list_id = f.list_id) IS NOT TRUE THEN 'left_list' END
        """;

    // Guarded: an intent needs a claim that still holds, a delivery that waits, an issue that is sending and a person who is there, on the list too.
    private const string Intend =
        $"""
        UPDATE delivery AS d
        SET state = 'sending', claim_id = f.claim_id, relay_id = f.relay_id, attempts = d.attempts + 1,
            first_attempt_at = COALESCE(d.first_attempt_at, f.first_attempt_at), last_attempt_at = $6
        FROM unnest($1, $2, $3, $4, $5, $7) AS f (id, slice_id, claim_id, relay_id, first_attempt_at, list_id)
        JOIN slice AS s ON s.id = f.slice_id AND s.claim_id = f.claim_id
        JOIN issue AS n ON n.id = s.issue_id AND n.state = 'sending'
        WHERE d.id = f.id AND d.state IN ('waiting', 'deferred')
            AND EXISTS (SELECT FROM subscriber AS u WHERE u.id = d.subscriber_id AND {WhyGone} IS NULL)
        RETURNING d.id
        """;

    private const string Accept =
        """
        UPDATE delivery AS d
        SET state = 'accepted', finished_at = o.at, reply_code = o.code, reply_enhanced = o.enhanced,
            reply_text = CASE WHEN d.email <> '' THEN o.text END, next_attempt_at = NULL, reason = NULL
        FROM unnest($1, $2, $3, $4, $5, $6) AS o (id, claim_id, at, code, enhanced, text)
        WHERE d.id = o.id AND d.claim_id = o.claim_id AND d.state IN ('sending', 'unknown')
        """;

    // Of somebody who was erased meanwhile (no address is left) the server's words are not kept: they often name the address.
    // An outcome before the gate (a recipient refused at RCPT) has no intent to find, but the claim must hold.
    // Of a delivery that a rescuer has called unknown, only a final outcome is news: its slice may be gone.
    // A repeated batch changes nothing: the guards no longer match, and the attempt is noted only with the change.
    private const string Settle =
        """
        WITH settled AS (
            UPDATE delivery AS d
            SET state = CASE WHEN o.state <> 'waiting' THEN o.state WHEN COALESCE(o.next_attempt_at, d.next_attempt_at) IS NULL THEN 'waiting' ELSE 'deferred' END,
                attempts = d.attempts + CASE WHEN o.state = 'waiting' THEN -o.intended::integer ELSE 1 - o.intended::integer END,
                relay_id = o.relay_id,
                first_attempt_at = CASE WHEN o.state = 'waiting' AND o.next_attempt_at IS NULL AND d.attempts <= 1 THEN NULL ELSE o.first_attempt_at END,
                last_attempt_at = o.at,
                next_attempt_at = CASE WHEN o.state = 'waiting' THEN COALESCE(o.next_attempt_at, d.next_attempt_at) ELSE o.next_attempt_at END,
                finished_at = CASE WHEN o.state IN ('refused', 'unknown') THEN o.at END,
                reply_code = o.code, reply_enhanced = o.enhanced, reply_text = CASE WHEN d.email <> '' THEN o.text END, reason = o.reason
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                AS o (id, slice_id, claim_id, state, intended, relay_id, first_attempt_at, at, next_attempt_at, code, enhanced, text, stage, reason)
            WHERE d.id = o.id
                AND (o.intended AND d.claim_id = o.claim_id AND (d.state = 'sending' OR d.state = 'unknown' AND o.state = 'refused')
                    OR NOT o.intended AND d.state IN ('waiting', 'deferred')
                        AND EXISTS (SELECT FROM slice WHERE id = o.slice_id AND claim_id = o.claim_id))
            RETURNING d.id, o.state, o.at, o.relay_id, o.stage, o.code, o.enhanced, d.reply_text)
        INSERT INTO delivery_attempt (delivery_id, at, outcome, relay_id, stage, reply_code, reply_enhanced, reply_text)
        SELECT id, at, state, relay_id, stage, code, enhanced, reply_text
        FROM settled
        WHERE state <> 'waiting'
        """;

    private NpgsqlConnection? connection;

    public async Task<Dictionary<long, IntentAnswer>> CommitAsync(IReadOnlyList<Outcome> outcomes, IReadOnlyList<Recorder.Intent> intents,
        CancellationToken ct)
    {
        connection ??= await ConnectAsync(ct);
        var answers = new Dictionary<long, IntentAnswer>(intents.Count);
        await using (var batch = new NpgsqlBatch(connection))
        {
            AddOutcomes(batch, outcomes);
            if (intents.Count > 0) batch.BatchCommands.Add(IntendCommand(intents));
            if (batch.BatchCommands.Count > 0) await batch.PrepareAsync(ct);
            else return answers;

            await using var granted = await batch.ExecuteReaderAsync(ct);
            while (await granted.ReadAsync(ct)) answers[granted.GetInt64(0)] = IntentAnswer.Granted;
        }

        if (answers.Count < intents.Count)
            await ExplainRefusalsAsync([.. intents.Where(i => !answers.ContainsKey(i.Delivery.Id))], answers, ct);
        return answers;
    }

    public async Task DropConnectionAsync()
    {
        if (connection is null) return;
        await connection.DisposeAsync();
        connection = null;
    }

    public async ValueTask DisposeAsync() => await DropConnectionAsync();

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        var opened = await source.OpenConnectionAsync(ct);
        // For short arrays PostgreSQL would plan these statements anew at every commit, which costs more than running them.
        await using var set = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan", opened);
        await set.ExecuteNonQueryAsync(ct);
        await RequireKnownDatabaseAsync(opened, ct);
        return opened;
    }

    /// <summary>Claims that this process holds are of another database than the one that answers now, if that was restored meanwhile.</summary>
    private static async Task RequireKnownDatabaseAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var known = new NpgsqlCommand("SELECT database_is_known()", connection);
        if (await known.ExecuteScalarAsync(ct) is true) return;
        await connection.DisposeAsync();
        throw new NpgsqlException("This is not the database that was left: nothing is committed until it has been looked at");
    }

    private static void AddOutcomes(NpgsqlBatch batch, IReadOnlyList<Outcome> outcomes)
    {
        var accepted = outcomes.Where(o => o.State == DeliveryState.Accepted).ToList();
        var others = outcomes.Where(o => o.State != DeliveryState.Accepted).ToList();
        if (accepted.Count > 0) batch.BatchCommands.Add(AcceptCommand(accepted));
        if (others.Count > 0) batch.BatchCommands.Add(SettleCommand(others));
    }

    private NpgsqlBatchCommand IntendCommand(IReadOnlyList<Recorder.Intent> intents) => new(Intend)
    {
        Parameters =
        {
            Array(intents, i => i.Delivery.Id, NpgsqlDbType.Bigint),
            Array(intents, i => i.Delivery.Slice.Id, NpgsqlDbType.Bigint),
            Array(intents, i => i.Delivery.Slice.ClaimId, NpgsqlDbType.Bigint),
            Array(intents, i => i.RelayId, NpgsqlDbType.Smallint),
            Array(intents, i => i.FirstAttemptAt.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            new() { Value = time.GetUtcNow() },
            Array(intents, i => i.Delivery.ListId, NpgsqlDbType.Smallint),
        },
    };

    private static NpgsqlBatchCommand AcceptCommand(IReadOnlyList<Outcome> accepted) => new(Accept)
    {
        Parameters =
        {
            Array(accepted, o => o.Delivery.Id, NpgsqlDbType.Bigint),
            Array(accepted, o => o.Delivery.Slice.ClaimId, NpgsqlDbType.Bigint),
            Array(accepted, o => o.At.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Array(accepted, o => (short?)o.Reply?.Code, NpgsqlDbType.Smallint),
            Array(accepted, o => o.Reply?.Enhanced?.ToString(), NpgsqlDbType.Text),
            Array(accepted, o => o.Reply?.Text, NpgsqlDbType.Text),
        },
    };

    private static NpgsqlBatchCommand SettleCommand(IReadOnlyList<Outcome> others) => new(Settle)
    {
        Parameters =
        {
            Array(others, o => o.Delivery.Id, NpgsqlDbType.Bigint),
            Array(others, o => o.Delivery.Slice.Id, NpgsqlDbType.Bigint),
            Array(others, o => o.Delivery.Slice.ClaimId, NpgsqlDbType.Bigint),
            new() { Value = others.Select(o => o.State).ToArray() },
            Array(others, o => o.Intended, NpgsqlDbType.Boolean),
            Array(others, o => o.RelayId, NpgsqlDbType.Smallint),
            Array(others, o => o.FirstAttemptAt.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Array(others, o => o.At.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Array(others, o => o.NextAttemptAt?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
            Array(others, o => (short?)o.Reply?.Code, NpgsqlDbType.Smallint),
            Array(others, o => o.Reply?.Enhanced?.ToString(), NpgsqlDbType.Text),
            Array(others, o => o.Reply?.Text, NpgsqlDbType.Text),
            Array(others, o => o.Stage, NpgsqlDbType.Text),
            Array(others, o => o.Reason, NpgsqlDbType.Text),
        },
    };

    private static NpgsqlParameter Array<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
        return new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    /// <summary>Rare: says why an intent was not granted, and excludes who has left.</summary>
    private async Task ExplainRefusalsAsync(IReadOnlyList<Recorder.Intent> refused, Dictionary<long, IntentAnswer> answers, CancellationToken ct)
    {
        var ids = refused.Select(i => i.Delivery.Id).ToArray();
        foreach (var id in ids) answers[id] = IntentAnswer.NotOurs;
        await using var command = new NpgsqlCommand(
            $"""
            WITH looked AS (
                SELECT d.id, d.state, n.state = 'sending' AS issue_sends, {WhyGone} AS gone, s.id IS NOT NULL AS ours
                FROM unnest(@ids, @slices, @claims, @lists) AS f (id, slice_id, claim_id, list_id)
                JOIN delivery AS d ON d.id = f.id
                JOIN issue AS n ON n.id = d.issue_id
                JOIN subscriber AS u ON u.id = d.subscriber_id
                LEFT JOIN slice AS s ON s.id = f.slice_id AND s.claim_id = f.claim_id),
            gone AS (
                UPDATE delivery AS d
                SET state = 'excluded', reason = looked.gone, finished_at = @now
                FROM looked
                WHERE d.id = looked.id AND looked.ours AND looked.gone IS NOT NULL AND d.state IN ('waiting', 'deferred')
                RETURNING d.id)
            SELECT looked.id, gone.id IS NOT NULL OR state = 'excluded', ours AND state IN ('waiting', 'deferred') AND NOT issue_sends
            FROM looked
            LEFT JOIN gone ON gone.id = looked.id
            """, connection)
        {
            Parameters =
            {
                new("ids", ids), new("slices", refused.Select(i => i.Delivery.Slice.Id).ToArray()),
                new("claims", refused.Select(i => i.Delivery.Slice.ClaimId).ToArray()),
                new("lists", refused.Select(i => i.Delivery.ListId).ToArray()),
                new("now", time.GetUtcNow()),
            },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            answers[rows.GetInt64(0)] = rows.GetBoolean(1) ? IntentAnswer.Gone : rows.GetBoolean(2) ? IntentAnswer.NotSending : IntentAnswer.NotOurs;
    }
}
