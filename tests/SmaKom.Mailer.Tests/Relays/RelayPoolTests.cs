using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Tests.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Relays;

/// <summary>Two workers' pools on one database, for a relay that allows four connections.</summary>
public sealed class RelayPoolTests : RelayPoolFixture
{
    [Test]
    public async Task All_together_have_as_many_as_the_relay_allows_and_what_one_gives_back_another_gets()
    {
        var (one, two) = (await PoolAsync(), await PoolAsync());
        var mine = await TakeAsync(one, 3);

        var theirs = await TakeAsync(two, 1);
        Assert.That(await two.TakeAsync(Briefly, default), Is.Null, "a fifth");

        mine[0].Dispose();
        Assert.That(await two.TakeAsync(Long, default), Is.Not.Null);
        Assert.That(Numbers(mine[1..]).Concat(Numbers(theirs)), Is.Unique);
    }

    [Test]
    public async Task Who_has_more_than_its_share_gives_the_rest_up_and_no_more()
    {
        var (one, two) = (await PoolAsync(), await PoolAsync());
        var mine = await TakeAsync(one, 4);

        Task<RelaySlot?>[] asking = [.. Enumerable.Range(0, 4).Select(_ => two.TakeAsync(Long, default).AsTask())];
        await Until.TrueAsync(async () => await Task.FromResult(mine.Count(slot => slot.Wanted.IsCancellationRequested) == 2));
        foreach (var slot in mine.Where(slot => slot.Wanted.IsCancellationRequested))
        {
            Assert.That(!slot.IsPreferred);
            slot.Dispose();
        }

        await Until.TrueAsync(async () => await Task.FromResult(asking.Count(one => one.IsCompletedSuccessfully) == 2));
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.That(mine.Count(slot => slot.Wanted.IsCancellationRequested), Is.EqualTo(2), "two each, and that is all");
        Assert.That(asking.Count(one => one.IsCompletedSuccessfully), Is.EqualTo(2));
    }

    [Test]
    public async Task No_more_is_given_up_than_is_wanted()
    {
        var (one, two) = (await PoolAsync(), await PoolAsync());
        var mine = await TakeAsync(one, 4);

        var asking = two.TakeAsync(Long, default).AsTask();
        await Until.TrueAsync(async () => await Task.FromResult(mine.Any(slot => slot.Wanted.IsCancellationRequested)));
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        Assert.That(mine.Count(slot => slot.Wanted.IsCancellationRequested), Is.EqualTo(1));
        mine.Single(slot => slot.Wanted.IsCancellationRequested).Dispose();
        Assert.That(await asking, Is.Not.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_single_mail_gets_the_next_connection_that_an_issue_can_spare(bool ofAnotherWorker)
    {
        await Database.ExecuteAsync("UPDATE relay SET max_connections = 1");
        var one = await PoolAsync();
        var two = ofAnotherWorker ? await PoolAsync() : one;
        var mine = (await TakeAsync(one, 1))[0];

        var asking = two.TakeAtOnceAsync(null, Long, default);
        await Until.TrueAsync(async () => await Task.FromResult(mine.Wanted.IsCancellationRequested));
        Assert.That(!asking.IsCompleted, "one letter after the other");
        var again = one.TakeAsync(Long, default).AsTask();
        mine.Dispose();

        using (await asking) Assert.That(!again.IsCompleted, "the issue does not take back what it has just given up");
        Assert.That(await again, Is.Not.Null);
    }

    [Test]
    public async Task A_connection_test_is_one_of_the_connections_and_says_so_when_there_is_none()
    {
        await Database.ExecuteAsync("UPDATE relay SET max_connections = 1");
        var time = new ManualTime();
        var one = await PoolAsync(time);
        using var mail = await one.TakeAtOnceAsync(null, Long, default);

        var trying = new ConnectionTests(Host.Get<RelayDirectory>(), one, Host.Get<MailTransports>(), time).RunAsync(mail!.Relay, default);
        await Until.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return await Task.FromResult(trying.IsCompleted);
        });

        var trial = await trying;
        Assert.That((trial.Works, trial.Steps.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_single_mail_goes_before_letters_that_have_waited_longer()
    {
        await Database.ExecuteAsync("UPDATE relay SET max_connections = 1");
        var one = await PoolAsync();
        var mine = (await TakeAsync(one, 1))[0];
        var issue = one.TakeAsync(Long, default).AsTask();

        var mail = one.TakeAtOnceAsync(null, Long, default);
        mine.Dispose();

        Assert.That(await Task.WhenAny(issue, mail), Is.SameAs(mail));
    }

    [Test]
    public async Task Connections_above_a_lowered_limit_end_with_their_letter_and_a_raised_one_gives_more()
    {
        var one = await PoolAsync();
        var mine = await TakeAsync(one, 4);

        await Database.ExecuteAsync("UPDATE relay SET max_connections = 1");
        await one.RefreshAsync(default);
        Assert.That(mine.Count(slot => slot.Wanted.IsCancellationRequested), Is.EqualTo(3));
        Assert.That(await (await PoolAsync()).TakeAsync(Briefly, default), Is.Null);

        await Database.ExecuteAsync("UPDATE relay SET max_connections = 5");
        await one.RefreshAsync(default);
        Assert.That(await one.TakeAsync(Long, default), Is.Not.Null);
    }

    [TestCase("client = 'pipelined'")]
    [TestCase("port = port + 1")]
    public async Task A_relay_that_is_spoken_to_otherwise_gets_new_connections(string change)
    {
        var one = await PoolAsync();
        var mine = (await TakeAsync(one, 1))[0];
        await Host.Get<RelayDirectory>().WriteConfiguredAsync(default);
        await one.RefreshAsync(default);
        Assert.That(mine.IsPreferred, "the same settings, and a password encrypted anew, are no change");

        await Database.ExecuteAsync($"UPDATE relay SET {change}; NOTIFY mailer");
        await one.RefreshAsync(default);

        await Until.TrueAsync(async () => await Task.FromResult(mine.Wanted.IsCancellationRequested));
        Assert.That(!mine.IsPreferred);
        mine.Dispose();
        var next = (await TakeAsync(one, 1))[0];
        Assert.That((next.Relay.Client, next.Relay.Port), Is.Not.EqualTo((mine.Relay.Client, mine.Relay.Port)));
        Assert.That(next.IsPreferred);
    }

    [Test]
    public async Task Each_relay_counts_for_itself_and_one_that_stands_by_gives_none()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO relay (name, host, port, tls, priority, max_connections, max_messages_per_connection, enabled, failures)
            SELECT 'andra', host, port, tls, 10, 2, 1000, true, 0 FROM relay;
            INSERT INTO relay (name, host, port, tls, priority, max_connections, max_messages_per_connection, enabled, failures)
            SELECT 'reserv', host, port, tls, 20, 9, 1000, true, 0 FROM relay WHERE name = 'standard'
            """);
        var one = await PoolAsync();

        var mine = await TakeAsync(one, 6);

        Assert.That(mine.CountBy(slot => slot.Relay.Name), Is.EquivalentTo(new KeyValuePair<string, int>[] { new("standard", 4), new("andra", 2) }));
        Assert.That(await one.TakeAsync(Briefly, default), Is.Null);
    }

    [Test]
    public async Task A_test_of_a_relay_that_stands_by_gives_an_issue_nothing_of_it()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO relay (name, host, port, tls, priority, max_connections, max_messages_per_connection, enabled, failures)
            SELECT 'reserv', host, port, tls, 20, 9, 1000, true, 0 FROM relay
            """);
        var one = await PoolAsync();
        var mine = await TakeAsync(one, 4);
        var issue = one.TakeAsync(Long, default).AsTask();

        using var trial = await one.TakeAtOnceAsync((await Host.Get<RelayDirectory>().EnabledAsync(default)).Single(relay => relay.Name == "reserv"),
            Long, default);

        Assert.That(trial!.Relay.Name, Is.EqualTo("reserv"));
        await Task.Delay(Briefly);
        Assert.That(!issue.IsCompleted);
        mine[0].Dispose();
        Assert.That((await issue)!.Relay.Name, Is.EqualTo("standard"));
    }

    [Test]
    public async Task Where_there_are_fewer_than_workers_they_take_turns()
    {
        await Database.ExecuteAsync("UPDATE relay SET max_connections = 1");
        var time = new ManualTime();
        var (one, two) = (await PoolAsync(time), await PoolAsync());
        var mine = (await TakeAsync(one, 1))[0];
        var asking = two.TakeAsync(Long, default).AsTask();
        await Database.UntilAsync(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 1399671553)");

        time.Advance(TimeSpan.FromSeconds(25));
        await Task.Delay(Briefly);
        Assert.That(!mine.Wanted.IsCancellationRequested);
        await Until.TrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return await Task.FromResult(mine.Wanted.IsCancellationRequested);
        });
        mine.Dispose();

        Assert.That(await asking, Is.Not.Null);
    }

    [Test]
    public async Task A_clock_that_is_set_back_stops_nothing()
    {
        var time = new JumpingTime();
        var one = await PoolAsync(time);
        var mine = await TakeAsync(one, 4);
        mine[0].Dispose();

        time.Jump(TimeSpan.FromDays(-1));

        Assert.That(await one.TakeAsync(Long, default), Is.Not.Null);
    }

    [Test]
    public async Task Who_gives_up_waiting_takes_nothing()
    {
        var (one, two) = (await PoolAsync(), await PoolAsync());
        var mine = await TakeAsync(one, 4);
        using var giveUp = new CancellationTokenSource();
        var asking = two.TakeAsync(Long, giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());

        mine[0].Dispose();

        Assert.That(await one.TakeAsync(Long, default), Is.Not.Null);
        await Database.UntilAsync(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = 1399671553)");
    }

    private static IEnumerable<int> Numbers(IEnumerable<RelaySlot> slots) => slots.Select(slot => slot.Number);
}
