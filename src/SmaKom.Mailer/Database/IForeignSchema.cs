using Npgsql;

namespace SmaKom.Mailer.Database;

/// <summary>Tables that a library keeps in our database and makes by itself: those of the job engine, of which this folder knows nothing.</summary>
public interface IForeignSchema
{
    string Name { get; }

    /// <summary>Its tables are there, and of the version that the library wants.</summary>
    Task<bool> IsCurrentAsync(NpgsqlDataSource source, CancellationToken ct);

    /// <summary>Makes what is missing, as whoever may make tables; one process at a time.</summary>
    Task CreateAsync(NpgsqlDataSource owner, CancellationToken ct);
}
