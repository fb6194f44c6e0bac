namespace SmaKom.Mailer.Database;

/// <summary>
/// Who changes the schema. With one login (<c>ConnectionStrings:Mailer</c>) that one does. With a second, <c>ConnectionStrings:Owner</c>,
/// the owner migrates and grants the first what running takes, and no more (<c>Grants.sql</c>).
/// </summary>
/// <param name="Owner">Connection string of the owner; null = there is one login for all.</param>
/// <param name="MigrateAtStart">False: a start only looks whether <c>smakom migrate</c> has been run (<c>Database:MigrateAtStart</c>).</param>
/// <param name="Reader">A role that may read everything and change nothing, for backups (<c>Database:Reader</c>); null = none.</param>
/// <param name="Reports">A role that may read everything but keys, hashes and passwords (<c>Database:Reports</c>); null = none.</param>
public sealed record DatabaseOptions(string? Owner, bool MigrateAtStart, string? Reader, string? Reports)
{
    /// <summary>The running process has no right to make tables, so it must not try.</summary>
    public bool LeastPrivilege => Owner is not null || !MigrateAtStart;

    public static DatabaseOptions From(IConfiguration configuration) => new(
        Blank(configuration.GetConnectionString("Owner")), configuration.GetValue("Database:MigrateAtStart", true),
        Blank(configuration["Database:Reader"]), Blank(configuration["Database:Reports"]));

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
