using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class SubscriberSearchTests
{
    [Test]
    public async Task Any_part_of_an_address_a_name_or_a_municipality_is_looked_up_and_nobody_else_is_read()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(1000);
        await database.ExecuteAsync(
            """
            UPDATE subscriber SET municipality = 'Björknäs' WHERE id = (SELECT max(id) FROM subscriber);
            ANALYZE subscriber
            """);
        await using var db = database.Open();
        var query = db.Subscribers.Matching("jörkn");

        Assert.That(await query.CountAsync(), Is.EqualTo(1));
        // A thousand people are read faster than looked up. JSON is one row.
        var sql = query.ToQueryString();
        var select = sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..].Replace("@pattern", "'%jörkn%'", StringComparison.Ordinal);
        await using var connection = await database.Source.OpenConnectionAsync();
        await using (var plan = new NpgsqlCommand("SET enable_seqscan = off; SET enable_indexscan = off", connection)) await plan.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) {select}", connection);

        Assert.That(await explain.ExecuteScalarAsync(), Does.Contain("\"subscriber_search\"").And.Not.Contain("Seq Scan"));
    }
}
