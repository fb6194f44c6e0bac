using Npgsql;

namespace SmaKom.Mailer.Web;

/// <summary>A page failed since the database is away for a while: stopped, starting, or full of connections. No fault of the page's.</summary>
internal static class DatabaseAway
{
    public static bool Is(Exception? thrown)
    {
        for (var e = thrown; e is not null; e = e.InnerException)
        {
            if (e is PostgresException answer) return answer.IsTransient;
            if (e is NpgsqlException) return true;
        }

        return false;
    }
}
