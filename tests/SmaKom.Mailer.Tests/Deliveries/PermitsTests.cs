using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Deliveries;

/// <summary>Rate limits: the database's function, and the class that asks it.</summary>
public sealed class PermitsTests
{
    private TestDatabase database = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "INSERT INTO relay (name, host, port, tls) VALUES ('ett', 'ett.example', 25, 'none'), ('två', 'två.example', 25, 'none')");
    }

    [TearDown]
    public async Task CloseAsync() => await database.DisposeAsync();

    [TestCase(1)]
    [TestCase(2)]
    public async Task No_window_ever_holds_more_than_its_limit(int seed)
    {
        await database.ExecuteAsync(
            """
            INSERT INTO rate_limit (relay_id, destination_group, count, per)
            VALUES (1, NULL, 40, '1 second'), (NULL, 'google', 15, '1 second'), (NULL, NULL, 60, '1 second'), (2, 'google', 100, '1 minute')
            """);
        var given = new List<Grant>();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => AskAsync(new Random(seed * 100 + n), given, until: 250))));

        // What all share is used to the full. What it leaves to one relay or group is chance: of those only the limit is certain.
        Assert.Multiple(() =>
        {
            Assert.That(Fullest(given.Where(g => g.Relay == 1)), Is.LessThanOrEqualTo(40), "over relay 1");
            Assert.That(Fullest(given.Where(g => g.Group == "google")), Is.LessThanOrEqualTo(15), "to google");
            Assert.That(Fullest(given), Is.EqualTo(60), "in all");
        });
    }

    [TestCase("1 minute", 60.0)]
    [TestCase("1 hour", 3600.0)]
    [TestCase("1 day", 86400.0)]
    public async Task A_permit_comes_back_when_its_span_is_surely_over(string per, double seconds)
    {
        await database.ExecuteAsync($"INSERT INTO rate_limit (count, per) VALUES (5, '{per}')");

        var first = await TakeAsync(1, "a.example", 3);
        Assert.That(first.Granted, Is.EqualTo(3));
        var second = await TakeAsync(2, "b.example", 3);
        Assert.That(second.Granted, Is.EqualTo(2), "what is left");
        Assert.That((await TakeAsync(1, "a.example", 1)).Granted, Is.Zero);
        var refused = await TakeAsync(1, "a.example", 1, first.At, first.At, first.At, second.At, second.At);
        Assert.That(refused.Granted, Is.Zero);
        Assert.That(refused.Wait.TotalSeconds, Is.InRange(seconds, seconds * 61 / 60 + 1));

        await database.ExecuteAsync("UPDATE rate_use SET slot = slot - 60");
        Assert.That((await TakeAsync(1, "a.example", 1)).Granted, Is.Zero, "some of the sixtieth may lie within the span");
        await database.ExecuteAsync("UPDATE rate_use SET slot = slot - 2");
        Assert.That((await TakeAsync(1, "a.example", 9)).Granted, Is.EqualTo(5));
    }

    [Test]
    public async Task A_letter_on_its_way_is_counted_however_long_it_takes()
    {
        await database.ExecuteAsync("INSERT INTO rate_limit (count, per) VALUES (1, '1 second')");
        var underWay = await TakeAsync(1, "a.example", 1);
        await database.UntilAsync($"SELECT clock_timestamp() > '{underWay.At:O}'::timestamptz + interval '1.2 seconds'");
        Assert.That((await TakeAsync(1, "a.example", 1)).Granted, Is.Zero, "it may arrive this very moment");

        Assert.That((await TakeAsync(1, "a.example", 1, underWay.At)).Granted, Is.Zero, "it may have arrived just now");
        await database.UntilAsync("SELECT granted = 1 FROM take_permits(1::smallint, 'a.example', 1)");
    }

    [Test]
    public async Task A_letter_that_takes_minutes_is_counted_until_its_reply()
    {
        await database.ExecuteAsync("INSERT INTO rate_limit (count, per) VALUES (1, '1 second'), (1, '1 hour')");
        var time = new ManualTime();
        var permits = await PermitsAsync(time);
        var underWay = await permits.TakeAsync(1, "a.example");
        for (var halfMinute = 0; halfMinute < 10; halfMinute++)
        {
            // Half a minute passes for the rule of a second: what was counted is then not where its permit says, and stays beside the new.
            await database.ExecuteAsync("UPDATE rate_use SET slot = slot - CASE rate_limit_id WHEN 1 THEN 1800 ELSE 0 END");
            await UntilAsync(time,
                "SELECT max(slot) > rate_slot('1 second', clock_timestamp() + interval '50 seconds') FROM rate_use WHERE rate_limit_id = 1");
            await database.ExecuteAsync(
                "DELETE FROM rate_use WHERE rate_limit_id = 1 AND slot < (SELECT max(slot) FROM rate_use WHERE rate_limit_id = 1)");
        }

        Assert.That((await TakeAsync(1, "a.example", 1)).Granted, Is.Zero, "it may arrive this very moment");
        Assert.That(await UsedAsync(1), Is.EqualTo(1), "in a second");
        Assert.That(await UsedAsync(2), Is.EqualTo(1), "in an hour");

        underWay.Dispose();
        await database.UntilAsync("SELECT max(slot) <= rate_slot('1 second', clock_timestamp()) FROM rate_use WHERE rate_limit_id = 1 AND used > 0");
        Assert.That(await UsedAsync(2), Is.EqualTo(1));
        await database.ExecuteAsync("DELETE FROM rate_limit WHERE id = 2");
        await database.UntilAsync("SELECT granted = 1 FROM take_permits(1::smallint, 'a.example', 1)");
    }

    [Test]
    public async Task A_renewal_whose_answer_is_lost_counts_rather_twice_than_not_at_all()
    {
        await database.ExecuteAsync("INSERT INTO rate_limit (count, per) VALUES (9, '1 hour')");
        var time = new ManualTime();
        var permits = await PermitsAsync(time);
        using var underWay = await permits.TakeAsync(1, "a.example");
        await database.ExecuteAsync(
            """
            CREATE SEQUENCE tries;
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('tries'); RAISE 'the line is cut'; END $$;
            CREATE TRIGGER fail BEFORE INSERT ON rate_use FOR EACH ROW EXECUTE FUNCTION fail()
            """);
        await UntilAsync(time, "SELECT is_called FROM tries");
        await database.ExecuteAsync("DROP TRIGGER fail ON rate_use");
        await UntilAsync(time, "SELECT sum(used) = 2 FROM rate_use");
        underWay.Dispose();
        await database.UntilAsync("SELECT sum(used) = 2 FROM rate_use WHERE slot <= rate_slot('1 hour', clock_timestamp() + interval '1 minute')");
    }

    [Test]
    public async Task Without_any_limit_the_database_is_not_asked()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=x;Timeout=1");
        var permits = new Permits(nowhere, new ReceiverBackoff(nowhere, Options.Create(new DispatchOptions())),
            new DatabaseClock(TimeProvider.System), NullLogger<Permits>.Instance);

        Assert.That(permits.AllAreFree);
        using var permit = await permits.TakeAsync(1, "google");
        await permits.NoteAcceptedAsync(1, "google", default);
        Assert.That(permit.Until, Is.Null);
    }

    [Test]
    public async Task A_change_holds_at_the_next_question()
    {
        await database.ExecuteAsync("INSERT INTO rate_limit (count, per) VALUES (5, '1 day')");
        Assert.That((await TakeAsync(1, "a.example", 9)).Granted, Is.EqualTo(5));
        await database.ExecuteAsync("UPDATE rate_limit SET count = 7");
        Assert.That((await TakeAsync(1, "a.example", 9)).Granted, Is.EqualTo(2));
        await database.ExecuteAsync("UPDATE rate_limit SET count = 3");
        Assert.That((await TakeAsync(1, "a.example", 9)).Granted, Is.Zero);
        await database.ExecuteAsync("DELETE FROM rate_limit");
        Assert.That((await TakeAsync(1, "a.example", 9)).Granted, Is.EqualTo(9));
    }

    [TestCase(-1, 10)]
    [TestCase(0, 10)]
    [TestCase(3, 80)]
    public async Task A_warm_up_doubles_each_day(int daysSince, int allowed)
    {
        await database.ExecuteAsync(
            $"INSERT INTO rate_limit (relay_id, count, per, doubles_from) VALUES (1, 10, '1 day', (now() AT TIME ZONE 'UTC')::date - ({daysSince}))");
        Assert.That((await TakeAsync(1, "a.example", 1000)).Granted, Is.EqualTo(allowed));
        Assert.That((await TakeAsync(2, "a.example", 1000)).Granted, Is.EqualTo(1000), "the other relay is warm");
    }

    [Test]
    public async Task Lanes_that_ask_together_get_what_there_is()
    {
        await database.ExecuteAsync("INSERT INTO rate_limit (destination_group, count, per) VALUES ('google', 20, '1 minute')");
        var permits = await PermitsAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => permits.TakeAsync(1, permits.GroupOf("googlemail.com")).AsTask()));

        Assert.That(answers.Count(a => a.Until is null), Is.EqualTo(20));
        Assert.That(permits.ShutUntil(1, "google"), Is.Not.Null);
        Assert.That(permits.IsFree(1, permits.GroupOf("gransele.example")), "others are not asked about");
    }

    [Test]
    public async Task A_group_that_recovers_gets_one_letter_at_a_time_of_all_workers()
    {
        await database.ExecuteAsync(
            "INSERT INTO destination_state (relay_id, destination_group, paused_until, reply) VALUES (1, 'google', now(), '421 4.7.28')");
        var time = new ManualTime();
        var (one, another) = (await PermitsAsync(), await PermitsAsync(time));

        var first = await one.TakeAsync(1, "google");
        Assert.That(first.Until, Is.Null);
        Assert.That((await one.TakeAsync(1, "google")).Until, Is.Not.Null);
        Assert.That((await another.TakeAsync(1, "google")).Until, Is.Not.Null, "another worker's turn has not come either");
        first.Dispose();
        await database.UntilAsync("SELECT count(*) = 0 FROM destination_flight");
        Assert.That((await another.TakeAsync(1, "google")).Until, Is.Null);
        Assert.That((await one.TakeAsync(1, "google")).Until, Is.Not.Null);

        // A letter that is long on its way keeps its turn.
        await database.ExecuteAsync("UPDATE destination_flight SET leased_until = now() + interval '5 seconds'");
        await UntilAsync(time, "SELECT leased_until > now() + interval '50 seconds' FROM destination_flight");

        // A worker that was killed gives nothing back; its lease does. (The living one's last renewal may still be on its way.)
        await Until.TrueAsync(async () =>
        {
            await database.ExecuteAsync("UPDATE destination_flight SET leased_until = now() - interval '1 second'");
            return (await one.TakeAsync(1, "google")).Until is null;
        });
    }

    [Test]
    public async Task A_domain_belongs_to_its_receiver()
    {
        await database.ExecuteAsync("INSERT INTO destination_group VALUES ('*.kommun.example', 'kommunerna')");
        var permits = await PermitsAsync();
        Assert.That(new[] { "gmail.com", "hotmail.se", "post.kommun.example", "kommun.example", "gransele.example" }.Select(permits.GroupOf),
            Is.EqualTo(new[] { "google", "microsoft", "kommunerna", "kommun.example", "gransele.example" }));
    }

    /// <summary>Turns the crank by a quarter of a minute until the query says true.</summary>
    private Task UntilAsync(ManualTime time, string sql) => Until.TrueAsync(async () =>
    {
        time.Advance(TimeSpan.FromSeconds(15));
        return await database.ScalarAsync<bool>(sql);
    });

    private Task<long> UsedAsync(int rule) => database.ScalarAsync<long>($"SELECT sum(used) FROM rate_use WHERE rate_limit_id = {rule}");

    private async Task<Permits> PermitsAsync(TimeProvider? time = null)
    {
        var permits = new Permits(database.Source, new ReceiverBackoff(database.Source, Options.Create(new DispatchOptions())),
            new DatabaseClock(time ?? TimeProvider.System), NullLogger<Permits>.Instance);
        await permits.RefreshAsync(default);
        return permits;
    }

    private async Task AskAsync(Random random, List<Grant> given, int until)
    {
        string[] groups = ["google", "microsoft", "gransele.example"];
        DateTime[] ended = [];
        while (true)
        {
            var (relay, group) = ((short)random.Next(1, 3), groups[random.Next(3)]);
            var (granted, _, at) = await TakeAsync(relay, group, random.Next(1, 6), ended);
            ended = [.. Enumerable.Repeat(at, granted)];
            lock (given)
            {
                given.AddRange(Enumerable.Repeat(new Grant(relay, group, at), granted));
                if (given.Count >= until) return;
            }
        }
    }

    /// <summary>The most that any second holds.</summary>
    private static int Fullest(IEnumerable<Grant> grants)
    {
        var times = grants.Select(g => g.At).Order().ToList();
        return times.Max(end => times.Count(t => t > end - TimeSpan.FromSeconds(1) && t <= end));
    }

    private async Task<(int Granted, TimeSpan Wait, DateTime At)> TakeAsync(short relay, string group, int wanted, params DateTime[] ended)
    {
        await using var command = database.Source.CreateCommand("SELECT granted, wait, at FROM take_permits($1, $2, $3, $4)");
        command.Parameters.AddRange(
            new NpgsqlParameter[] { new() { Value = relay }, new() { Value = group }, new() { Value = wanted }, new() { Value = ended } });
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt32(0), row.GetTimeSpan(1), row.GetDateTime(2));
    }

    private sealed record Grant(short Relay, string Group, DateTime At);
}
