using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Database;

public sealed class DataSourceTests
{
    [TestCase("", 1)]
    [TestCase(";Max Auto Prepare=0", 0)]
    public async Task What_is_asked_often_is_prepared_unless_the_connection_string_says_no(string setting, long prepared)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = DatabaseFeature.CreateDataSource(database.ConnectionString + setting);
        await using var connection = await source.OpenConnectionAsync();

        for (var i = 0; i < 5; i++) await AskAsync("SELECT 'the same question'");

        Assert.That(await AskAsync("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%same question%'"), Is.EqualTo(prepared));

        async Task<object?> AskAsync(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync();
        }
    }

    // Where the library for it is missing, as in containers, the loader writes two lines of its own into the log.
    [TestCase("", GssEncryptionMode.Disable)]
    [TestCase(";GSS Encryption Mode=Require", GssEncryptionMode.Require)]
    public async Task Kerberos_is_not_tried_unless_the_connection_string_asks_for_it(string setting, GssEncryptionMode mode)
    {
        await using var source = DatabaseFeature.CreateDataSource("Host=127.0.0.1" + setting);

        Assert.That(new NpgsqlConnectionStringBuilder(source.ConnectionString).GssEncryptionMode, Is.EqualTo(mode));
    }
}
