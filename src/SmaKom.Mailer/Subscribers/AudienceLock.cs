using Npgsql;

namespace SmaKom.Mailer.Subscribers;

/// <summary>
/// Between who copies addresses of many people at once, as the planning of an issue does, and who erases one of them: without it the copy of an
/// address that was read a moment before could be committed after the erasure. Held until the transaction ends.
/// </summary>
public static class AudienceLock
{
    // Any constant will do; it is this lock's alone.
    private const long Key = 0x4155_4449_454e;

    public static Task ReadAsync(NpgsqlConnection connection, CancellationToken ct) => TakeAsync(connection, "pg_advisory_xact_lock_shared", ct);

    public static Task EraseAsync(NpgsqlConnection connection, CancellationToken ct) => TakeAsync(connection, "pg_advisory_xact_lock", ct);

    private static async Task TakeAsync(NpgsqlConnection connection, string function, CancellationToken ct)
    {
        await using var take = new NpgsqlCommand($"SELECT {function}({Key})", connection) { CommandTimeout = 0 };
        await take.ExecuteNonQueryAsync(ct);
    }
}
