using System.Net.Sockets;
using Npgsql;

namespace SmaKom.Mailer.Sql;

/// <summary>What a failure says of the database: that it is away, or that it refused what was asked.</summary>
public static partial class DatabaseFailure
{
    /// <summary>It was in speaking with the database that something failed, whatever wraps that.</summary>
    public static bool Is(Exception? thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
            if (e is NpgsqlException or TimeoutException or EndOfStreamException or IOException { InnerException: SocketException }) return true;
        return false;
    }

    /// <summary>
    /// It is away for a while: stopped, starting, cut off, full, read-only, or lets nobody in. The same is asked again later.
    /// What it refused for any other reason is our own mistake, and is never called so.
    /// </summary>
    public static bool IsAway(Exception? thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
            if (e is PostgresException answer) return IsAway(answer);
        return Is(thrown);
    }

    // 28: login; 3D: no such database; 57P: starting or stopping. Full (53), broken connections (08) and the like are transient to Npgsql.
    private static bool IsAway(PostgresException answer) => answer.IsTransient
        || answer.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled or ['2', '8', ..] or ['3', 'D',
            ..] or ['5', '7', 'P', ..];

    /// <summary>A warning while the database is away, an error if it refused.</summary>
    /// <param name="what">What waits for it, as "claiming letters".</param>
    public static void LogDatabaseFailure(this ILogger logger, string what, Exception failure)
    {
        if (IsAway(failure)) Log.Away(logger, what, failure);
        else Log.Refused(logger, what, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The database is away; {What} is tried again until it is back")]
        public static partial void Away(ILogger logger, string what, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The database refused what it was asked for; {What} is tried again, and will hardly succeed")]
        public static partial void Refused(ILogger logger, string what, Exception exception);
    }
}
