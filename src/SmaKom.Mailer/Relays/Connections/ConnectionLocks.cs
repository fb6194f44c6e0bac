using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays.Connections;

/// <summary>
/// What the database knows of open connections to relays: each is a session-level advisory lock, numbered from 0, so that all workers
/// together keep to a relay's limit. A lock ends with the process that holds it, however that ends: nothing is leased, nothing expires.
/// Not thread-safe.
/// </summary>
internal sealed class ConnectionLocks(NpgsqlDataSource source) : IAsyncDisposable
{
    // First keys of the locks. Numbers are the relay's id in the upper and the connection's number, or how many are wanted, in the lower half.
    internal const int Held = 0x536D_4B00;
    private const int Wanted = 0x536D_4B01;
    private const int WantedAtOnce = 0x536D_4B02;
    private const int SecondsForAnAnswer = 5;
    private static readonly TimeSpan SecondTry = TimeSpan.FromSeconds(1);

    private NpgsqlConnection? session;
    private ConnectionWish[] shown = [];

    public bool IsOpen => session is not null;

    /// <summary>Opens the session. The server ends it, and with it the locks, some twenty seconds after this machine has fallen silent.</summary>
    /// <param name="isAgain">The one before was lost: the pool's idle connections are as dead as it was, and each would cost a round.</param>
    public async Task OpenAsync(bool isAgain, CancellationToken ct)
    {
        if (isAgain) source.Clear();
        var opened = await source.OpenConnectionAsync(ct);
        session = opened;
        await ExecuteAsync("SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3", ct);
    }

    /// <summary>Ends the session: nothing is held any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (session is not { } ending) return;
        (session, shown) = (null, []);
        try
        {
            await using var all = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", ending) { CommandTimeout = SecondsForAnAnswer };
            await all.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (DatabaseFailure.Is(e) || e is InvalidOperationException)
        {
            // The session is broken, and its locks have ended with it.
        }

        await ending.DisposeAsync();
    }

    /// <summary>Takes the lowest numbers that nobody holds, at most <paramref name="count"/> of those under <paramref name="most"/>.</summary>
    /// <param name="mine">Numbers of this relay that the session holds: the database would give them a second time.</param>
    public async Task<IReadOnlyList<int>> TakeAsync(short relay, int most, int count, int[] mine, CancellationToken ct)
    {
        await using var command = Command(
            """
            SELECT number
            FROM generate_series(0, @most - 1) AS number
            WHERE CASE WHEN number = ANY (@mine) THEN false ELSE pg_try_advisory_lock(@held, @relay + number) END
            LIMIT @count
            """);
        command.With(new("most", most), new("mine", mine), new("held", Held), new("relay", relay << 16), new("count", count));
        return await ReadAsync(command, row => row.GetInt32(0), ct);
    }

    /// <summary>Takes these very numbers again, after the session was lost; returns those that somebody else has now.</summary>
    public async Task<IReadOnlyList<(short Relay, int Number)>> TakeAgainAsync(IReadOnlyList<(short Relay, int Number)> numbers, CancellationToken ct)
    {
        var gone = await TryAgainAsync(numbers, ct);
        if (gone.Count == 0) return gone;
        // On a busy machine the session that was lost may hold its own for a moment more.
        await Task.Delay(SecondTry, ct);
        return await TryAgainAsync(gone, ct);
    }

    private async Task<IReadOnlyList<(short Relay, int Number)>> TryAgainAsync(IReadOnlyList<(short Relay, int Number)> numbers, CancellationToken ct)
    {
        await using var command = Command("SELECT key FROM unnest(@keys) AS key WHERE NOT pg_try_advisory_lock(@held, key)");
        command.With(new("held", Held), new("keys", Keys(numbers)));
        return await ReadAsync(command, row => Split(row.GetInt32(0)), ct);
    }

    public async Task GiveBackAsync(IReadOnlyList<(short Relay, int Number)> numbers, CancellationToken ct)
    {
        await using var command = Command("SELECT pg_advisory_unlock(@held, key) FROM unnest(@keys) AS key");
        command.With(new("held", Held), new("keys", Keys(numbers)));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Shows the other workers what is wanted here, until the next time, and looks what they have and want.</summary>
    public async Task<IReadOnlyList<OtherWorker>> LookAsync(IReadOnlyCollection<ConnectionWish> wishes, CancellationToken ct)
    {
        await ShowAsync([.. wishes], ct);
        await using var command = Command(
            """
            SELECT pid, classid::bigint::integer, objid::bigint::integer
            FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND pid <> pg_backend_pid() AND classid::bigint IN (@held, @wanted, @once)
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """);
        command.With(new("held", Held), new("wanted", Wanted), new("once", WantedAtOnce));
        var rows = await ReadAsync(command, row => (Pid: row.GetInt32(0), Kind: row.GetInt32(1), Key: Split(row.GetInt32(2))), ct);
        return
        [
            .. rows.GroupBy(row => (row.Pid, row.Key.Relay)).Select(worker => new OtherWorker(
                worker.Key.Relay,
                worker.Count(row => row.Kind == Held),
                worker.Where(row => row.Kind == Wanted).Sum(row => row.Key.Number),
                worker.Where(row => row.Kind == WantedAtOnce).Sum(row => row.Key.Number))),
        ];
    }

    private async Task ShowAsync(ConnectionWish[] wishes, CancellationToken ct)
    {
        if (shown.ToHashSet().SetEquals(wishes)) return;
        await using var batch = session!.CreateBatch();
        Add("SELECT pg_advisory_unlock_shared(kind, key) FROM unnest(@kinds, @keys) AS t (kind, key)", shown);
        Add("SELECT pg_try_advisory_lock_shared(kind, key) FROM unnest(@kinds, @keys) AS t (kind, key)", wishes);
        batch.Timeout = SecondsForAnAnswer;
        await batch.ExecuteNonQueryAsync(ct);
        shown = wishes;

        void Add(string sql, ConnectionWish[] all) => batch.BatchCommands.Add(new(sql)
        {
            Parameters =
            {
                new("kinds", all.Select(wish => wish.AtOnce ? WantedAtOnce : Wanted).ToArray()),
                new("keys", Keys([.. all.Select(wish => (wish.Relay, wish.Count))])),
            },
        });
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql) => new(sql, session) { CommandTimeout = SecondsForAnAnswer };

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var all = new List<T>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) all.Add(read(rows));
        return all;
    }

    private static int[] Keys(IReadOnlyList<(short Relay, int Number)> numbers) => [.. numbers.Select(one => (one.Relay << 16) + one.Number)];

    private static (short Relay, int Number) Split(int key) => ((short)(key >> 16), key & 0xFFFF);
}

/// <param name="AtOnce">For a single mail or a person who waits: it goes before an issue's letters.</param>
internal readonly record struct ConnectionWish(short Relay, int Count, bool AtOnce);

/// <summary>What another process has of one relay's connections, and what it wants more.</summary>
internal sealed record OtherWorker(short Relay, int Has, int Wants, int WantsAtOnce);
