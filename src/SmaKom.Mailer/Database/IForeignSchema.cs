using Npgsql;

namespace SmaKom.Mailer.Database;

/// <summary>Tables that a library keeps in our database and makes by itself (the job engine's, one implementation each).</summary>
public interface IForeignSchema
{
    /// <summary>Makes what is missing, as the owner of the database.</summary>
    Task CreateAsync(NpgsqlDataSource owner, CancellationToken ct);
}
