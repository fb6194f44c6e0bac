using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Of two relays the second takes over while the first fails; the people notice nothing.</summary>
public sealed class FailoverTests
{
    [Test]
    public async Task The_second_relay_is_used_until_the_first_recovers()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(20);
        var issue = await database.IssueAsync(queued: true);
        await using var first = new FakeRelay(new() { Username = "smakom", Password = "rätt lösenord", AuthRequired = true });
        await using var second = new FakeRelay();
        await AddRelayAsync(database, second, priority: 20);
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(first), ("Smtp:FirstBackOff", "00:05:00"),
            ("Smtp:Username", "smakom"), ("Smtp:Password", "fel lösenord"), ("Smtp:AllowPlaintextAuth", "true")]);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);
        Assert.That((receipt.Accepted, first.Messages.Count, second.Messages.Count), Is.EqualTo((20, 0, 20)));
        Assert.That(await database.ScalarAsync<string>("SELECT last_failure FROM relay WHERE name = 'standard'"), Does.Contain("535"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE attempts <> 1"), Is.Zero, "no person is marked");

        first.Options = new();
        await database.ExecuteAsync("UPDATE relay SET username = NULL, password_protected = NULL, available_at = now() WHERE name = 'standard'");
        // Told by NOTIFY it would look, too, but perhaps after the next issue's letters have begun.
        await host.Get<RelayPool>().RefreshAsync(default);
        var next = await database.IssueAsync("2026-12", queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(next);
        Assert.That((first.Messages.Count, second.Messages.Count), Is.EqualTo((20, 20)));
        Assert.That(await database.ScalarAsync<int>("SELECT failures FROM relay WHERE name = 'standard'"), Is.Zero);
    }

    [Test]
    public async Task Relays_of_one_priority_share_by_weight()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(200);
        var issue = await database.IssueAsync(queued: true);
        var slowly = new FakeRelayOptions { Latency = TimeSpan.FromMilliseconds(10) };
        await using var first = new FakeRelay(slowly);
        await using var second = new FakeRelay(slowly);
        await AddRelayAsync(database, first, priority: 10, weight: 3, name: "standard");
        await AddRelayAsync(database, second, priority: 10, weight: 1);
        await using var host = await TestHost.StartAsync(database, Given.Relay(first));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, first.Messages.Count + second.Messages.Count), Is.EqualTo((200, 200)));
        Assert.That((first.Connections, second.Connections), Is.EqualTo((4, 1)), "four and a third of four");
    }

    private static async Task AddRelayAsync(TestDatabase database, FakeRelay relay, int priority, int weight = 1, string name = "reserv") =>
        await database.ExecuteAsync(
        $"INSERT INTO relay (name, host, port, tls, priority, weight) VALUES ('{name}', '{relay.Host}', {relay.Port}, 'none', {priority}, {weight})");
}
