using Npgsql;

namespace SmaKom.Mailer.Sql;

/// <summary>Tells all workers by LISTEN/NOTIFY that there is something to look at. A lost notice costs a poll's delay, nothing else.</summary>
public static class Wake
{
    public const string Channel = "mailer";

    public static async Task NotifyAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var notify = new NpgsqlCommand($"NOTIFY {Channel}", connection);
        await notify.ExecuteNonQueryAsync(ct);
    }
}
