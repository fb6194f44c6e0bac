using Npgsql;

namespace SmaKom.Mailer.Sql;

/// <summary>
/// A lock of PostgreSQL's that is gone with its connection. Hangfire's own distributed lock is a row: a worker that dies
/// leaves it behind, and everybody waits until it has expired.
/// </summary>
internal sealed class SessionLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string name;

    private SessionLock(NpgsqlConnection connection, string name) => (this.connection, this.name) = (connection, name);

    /// <param name="name">What is locked; two names with the same hash wait for each other, and nothing worse.</param>
    /// <param name="patience">At least a millisecond.</param>
    /// <returns>Null: somebody else had it all the while.</returns>
    public static async Task<SessionLock?> TakeAsync(NpgsqlDataSource source, string name, TimeSpan patience, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand(
                """
                SELECT set_config('lock_timeout', @patience, false);
                SELECT pg_advisory_lock(hashtext('smakom job'), hashtext(@name))
                """, connection)
            {
                CommandTimeout = 0, // lock_timeout is the limit
            };
            command.Parameters.Add(new("patience", ((long)patience.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            command.Parameters.Add(new("name", name));
            await command.ExecuteNonQueryAsync(ct);
            return new(connection, name);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks over the connection that holds it.</summary>
    /// <exception cref="NpgsqlException">It is gone, and somebody else may have the lock.</exception>
    public async Task AssertHeldAsync(CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand("SELECT 1", connection);
        await ask.ExecuteScalarAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        // Closed when its loss was noticed: the lock is gone with it.
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.DisposeAsync();
            return;
        }

        try
        {
            // A pooled connection is cleaned when it is used next, which may be much later.
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtext('smakom job'), hashtext(@name))", connection);
            command.Parameters.Add(new("name", name));
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the lock with it.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
