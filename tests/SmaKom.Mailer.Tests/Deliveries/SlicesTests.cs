using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Deliveries;

public sealed class SlicesTests
{
    private const int People = 3000;

    [Test]
    public async Task A_slice_is_read_and_given_back_without_walking_through_its_issue()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(People);
        await database.IssueAsync(queued: true);
        await using (var host = await TestHost.StartAsync(database, ("Roles", "web"))) await host.PlanAsync();
        // One connection only: what it has touched is in its own statistics.
        await using var source = DatabaseFeature.CreateDataSource(database.ConnectionString + ";Maximum Pool Size=1");
        var slices = new Slices(source, Options.Create(new DispatchOptions()));
        var before = await ReadThroughIssueAsync(source);

        var slice = (await slices.ClaimAsync(Guid.NewGuid(), 1, default)).Single();
        Assert.That(await slices.ReadAsync(slice, default), Is.Not.Empty);
        await slices.GiveBackAsync(slice, null, default);

        Assert.That(await ReadThroughIssueAsync(source) - before, Is.LessThan(People), "entries read in the index over issues");
    }

    private static async Task<long> ReadThroughIssueAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using (var flush = new NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection)) await flush.ExecuteNonQueryAsync();
        await using var read =
            new NpgsqlCommand("SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'delivery_issue_id_subscriber_id_key'", connection);
        return (long)(await read.ExecuteScalarAsync())!;
    }
}
