using Npgsql;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>
/// The second step: what was collected is read, understood and acted on, one mail after another, each in one transaction. A mail that fails three
/// times is set aside, and the loop goes on. What a relay refused while sending goes the same way.
/// </summary>
public sealed partial class ReturnsReader(
    NpgsqlDataSource source, IncomingReader reader, RefusalReader refusals, WorkSignal signal, BackgroundLoops loops, DatabaseClock time,
    ILogger<ReturnsReader> logger) : BackgroundService
{
    /// <summary>A mail that takes longer to read is poison.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int MostTries = 3;

    // Of one at which processes or the database end before anybody can say that it failed.
    private const int MostBeginnings = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await loops.RunAsync("returns", ReadAsync, stoppingToken);
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var next = signal.Next;
            var some = false;
            await TryAsync("looking for returned mail", async ct => some = await IsSomethingWaitingAsync(ct), stopping);
            if (some)
            {
                // The one goes on when the other cannot.
                await TryAsync("reading refusals", ct => UntilNoneAsync(refusals.ReadOneAsync, ct), stopping);
                await TryAsync("reading returned mail", ct => UntilNoneAsync(ReadOneAsync, ct), stopping);
            }

            await Task.WhenAny(next, Task.Delay(Interval, time, stopping));
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> act, CancellationToken stopping)
    {
        try
        {
            await act(stopping);
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            logger.LogDatabaseFailure(what, e);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private static async Task UntilNoneAsync(Func<CancellationToken, Task<bool>> readSome, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && await readSome(ct)) { }
    }

    // Every change wakes this loop, and hardly any is for it.
    private async Task<bool> IsSomethingWaitingAsync(CancellationToken ct)
    {
        await using var look = source.CreateCommand(
            "SELECT EXISTS (SELECT FROM refusal_to_read) OR EXISTS (SELECT FROM incoming_mail WHERE state = 'waiting')");
        return (bool)(await look.ExecuteScalarAsync(ct))!;
    }

    /// <summary>False: none waits.</summary>
    private async Task<bool> ReadOneAsync(CancellationToken ct)
    {
        // Counted before it is read: one that takes the process with it is set aside, too.
        if (await ClaimAsync(ct) is not { } mail) return false;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Longest);
            await reader.ReadAsync(mail, patience.Token);
        }
        catch (Exception e) when (!DatabaseFailure.IsAway(e) && !ct.IsCancellationRequested)
        {
            Log.Failed(logger, mail.Id, mail.Tries, e.GetType().Name);
            await SetAsideAsync(mail.Id, e is OperationCanceledException ? "too_slow" : e is FormatException ? "unreadable" : "failed", ct);
        }

        return true;
    }

    private async Task<WaitingMail?> ClaimAsync(CancellationToken ct)
    {
        await using var claim = source.CreateCommand(
            $"""
            WITH endless AS (
                UPDATE incoming_mail
                SET state = 'poison', problem = 'failed', read_at = now()
                WHERE state = 'waiting' AND tries >= {MostBeginnings}
            )
            UPDATE incoming_mail
            SET tries = tries + 1
            WHERE id = (
                SELECT id
                FROM incoming_mail
                WHERE state = 'waiting' AND tries < {MostBeginnings}
                ORDER BY tries, id
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, format, sent_to, received_at, bytes, tries
            """);
        await using var row = await claim.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetFieldValue<DateTimeOffset>(3),
                row.IsDBNull(4) ? [] : row.GetFieldValue<byte[]>(4), row.GetInt16(5))
            : null;
    }

    private async Task SetAsideAsync(long id, string problem, CancellationToken ct)
    {
        await using var aside = source.CreateCommand(
            $"""
            UPDATE incoming_mail
            SET state = 'poison', problem = @problem, read_at = now()
            WHERE id = @id AND state = 'waiting' AND tries >= {MostTries}
            """).With(new("id", id), new("problem", problem));
        await aside.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Returned mail {Mail} could not be read (try {Try}, {Cause})")]
        public static partial void Failed(ILogger logger, long mail, int @try, string cause);
    }
}
