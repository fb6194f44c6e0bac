using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SmaKom.Mailer.Database;

/// <summary>Brings the database to this version's schema at start. Many processes may start at once: EF Core's migration lock lets one through.</summary>
public sealed class Migrator(IDbContextFactory<MailerDb> contexts, NpgsqlDataSource source)
{
    /// <exception cref="ConfigurationException">The database cannot be reached or refuses the login.</exception>
    public async Task MigrateAsync(CancellationToken ct)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            await db.Database.MigrateAsync(ct);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            throw new ConfigurationException(Explain(e as NpgsqlException ?? (NpgsqlException)e.InnerException!), e);
        }

        // Enum types created just now are unknown to connections opened before.
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ReloadTypesAsync(ct);
    }

    private string Explain(NpgsqlException e)
    {
        var at = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var what = e is PostgresException p ? $"PostgreSQL at {at.Host}:{at.Port} answered: {p.MessageText} ({p.SqlState})."
            : $"PostgreSQL does not answer at {at.Host}:{at.Port}.";
        return $"{what} Nothing was changed. Check that the server runs and that ConnectionStrings__Mailer names the right host, database and login.";
    }
}
