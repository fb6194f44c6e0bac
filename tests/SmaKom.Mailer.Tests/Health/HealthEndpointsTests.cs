using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Npgsql;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

public sealed class HealthEndpointsTests
{
    [Test]
    public async Task Ready_says_each_state_and_nothing_that_is_worth_hiding()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        using var client = new HttpClient { BaseAddress = new(host.Url) };

        var answer = await ReadyAsync(client);
        var state = await answer.Content.ReadFromJsonAsync<ReadinessState>();

        Assert.That((state!.Ready, state.Database, state.Migrations, state.Scheduler, state.Relays), Is.EqualTo((true, "ok", "ok", "running", "ok")));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("127.0.0.1").And.Not.Contain(database.Name));
    }

    [Test]
    public async Task Without_a_database_the_process_lives_and_is_not_ready()
    {
        using var server = new TestPostgres();
        var database = await TestDatabase.CreateOnAsync(server);
        await using var host = await TestHost.StartAsync(database);
        using var client = new HttpClient { BaseAddress = new(host.Url) };
        server.Stop(immediate: true);

        var (live, ready) = (await client.GetAsync("/health/live"), await client.GetAsync("/health/ready"));
        var state = await ready.Content.ReadFromJsonAsync<ReadinessState>();
        server.Start();
        var again = await ReadyAsync(client);

        Assert.That((live.StatusCode, ready.StatusCode, again.StatusCode),
            Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)), await again.Content.ReadAsStringAsync());
        Assert.That((state!.Database, state.Migrations), Is.EqualTo(("away", "unknown")));
    }

    [Test]
    public async Task A_database_that_says_nothing_does_not_hold_up_the_answer()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var proxy = new SilentProxy(TestDatabase.Postgres.Port);
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port };
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"), ("ConnectionStrings:Mailer", through.ConnectionString));
        using var client = new HttpClient { BaseAddress = new(host.Url) };
        await ReadyAsync(client);
        proxy.FallSilent();
        var clock = Stopwatch.StartNew();

        var answer = await client.GetAsync("/health/ready");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await answer.Content.ReadFromJsonAsync<ReadinessState>())!.Database, Is.EqualTo("away"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)),
            "3 s, and what a busy machine adds; a look at a silent database takes twice 5 s, and more");
    }

    [Test]
    public async Task A_process_for_pages_is_ready_without_a_scheduler()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        using var client = new HttpClient { BaseAddress = new(host.Url) };

        var state = await client.GetFromJsonAsync<ReadinessState>("/health/ready");

        Assert.That((state!.Ready, state.Scheduler, state.Relays), Is.EqualTo((true, "none", "none")));
    }

    [Test]
    public async Task A_database_that_is_older_than_the_program_is_not_ready()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        await database.ExecuteAsync("DELETE FROM migration WHERE \"MigrationId\" = '0009_operations'");
        using var client = new HttpClient { BaseAddress = new(host.Url) };

        var answer = await client.GetAsync("/health/ready");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await answer.Content.ReadFromJsonAsync<ReadinessState>())!.Migrations, Is.EqualTo("pending"));
    }

    [Test]
    public async Task Live_asks_no_database_even_of_someone_who_is_logged_in()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host =
            await TestHost.StartAsync(database, ("Roles", "web"), ("ConnectionStrings:Mailer", database.ConnectionString + ";Application Name=live"));
        using var client = new HttpClient { BaseAddress = new(host.Url), DefaultRequestHeaders = { { "Cookie", "smakom=x; formular=y" } } };
        var before = await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'live' AND query_start > now() - interval '1 hour'");
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'live'");

        for (var i = 0; i < 3; i++) Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        Assert.That(before, Is.Positive);
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'live' AND query NOT LIKE '%worker%' AND query NOT LIKE '%job%'"),
            Is.Zero, "connections that a request opened");
    }

    /// <summary>The first answer that is 200: the scheduler starts a moment after the pages, and on a busy machine a look may time out.</summary>
    private static async Task<HttpResponseMessage> ReadyAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        HttpResponseMessage answer;
        do answer = await client.GetAsync("/health/ready", patience.Token);
        while (answer.StatusCode != HttpStatusCode.OK);
        return answer;
    }
}
