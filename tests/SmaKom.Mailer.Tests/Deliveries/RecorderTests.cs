using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Deliveries;

public sealed class RecorderTests
{
    [Test]
    public async Task An_intent_whose_commit_was_not_answered_is_undone()
    {
        await using var work = await WorkAsync();
        var (recorder, delivery) = (work.Recorder, work.Delivery);
        // A first round, so that connecting and preparing are over.
        await recorder.IntendAsync(delivery with { Id = 0 }, 1, TimeProvider.System.GetUtcNow());

        work.Proxy.Arm();
        var answer = await recorder.IntendAsync(delivery, 1, TimeProvider.System.GetUtcNow());
        await recorder.FlushAsync();

        Assert.That(answer, Is.EqualTo(IntentAnswer.NoDatabase));
        Assert.That(await work.Database.ScalarAsync<DeliveryState>("SELECT state FROM delivery"), Is.EqualTo(DeliveryState.Waiting));
        Assert.That(await work.Database.ScalarAsync<short>("SELECT attempts FROM delivery"), Is.Zero, "as if it had not been tried");
    }

    [Test]
    public async Task An_outcome_whose_commit_was_not_answered_is_recorded_once()
    {
        await using var work = await WorkAsync();
        var (recorder, delivery) = (work.Recorder, work.Delivery);
        Assert.That(await recorder.IntendAsync(delivery, 1, TimeProvider.System.GetUtcNow()), Is.EqualTo(IntentAnswer.Granted));

        var now = TimeProvider.System.GetUtcNow();
        var outcome = new Outcome(delivery, DeliveryState.Deferred, Intended: true, 1, now, now, NextAttemptAt: now.AddMinutes(15),
            Stage: "end of data");
        // A first round, so that preparing is over and the lost reply is the commit's.
        recorder.Record(outcome with { Delivery = delivery with { Id = 0 } });
        await recorder.FlushAsync();

        work.Proxy.Arm();
        recorder.Record(outcome);
        await recorder.FlushAsync();

        Assert.That(await work.Database.ScalarAsync<DeliveryState>("SELECT state FROM delivery"), Is.EqualTo(DeliveryState.Deferred));
        Assert.That(await work.Database.ScalarAsync<long>("SELECT count(*) FROM delivery_attempt"), Is.EqualTo(1));
        Assert.That(await work.Database.ScalarAsync<short>("SELECT attempts FROM delivery"), Is.EqualTo(1));
    }

    [Test]
    public async Task Without_the_slices_claim_no_intent_is_granted()
    {
        await using var work = await WorkAsync();
        await work.Database.ExecuteAsync("UPDATE slice SET claim_id = nextval('claim_id')");

        Assert.That(await work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()), Is.EqualTo(IntentAnswer.NotOurs));
        Assert.That(await work.Database.ScalarAsync<DeliveryState>("SELECT state FROM delivery"), Is.EqualTo(DeliveryState.Waiting));
    }

    [Test]
    public async Task Of_two_workers_that_ask_for_one_letter_one_is_granted()
    {
        await using var work = await WorkAsync();
        var (first, second) =
            (work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()),
                work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()));
        await using var other = work.Another();
        var third = other.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow());

        var answers = await Task.WhenAll(first, second, third);

        Assert.That(answers.Count(a => a == IntentAnswer.Granted), Is.EqualTo(1).Or.EqualTo(2),
            "two asks of one process in one batch are one intent");
        Assert.That(await work.Database.ScalarAsync<short>("SELECT attempts FROM delivery"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_outcome_and_its_connections_next_intent_are_one_commit()
    {
        await using var work = await WorkAsync("bo@gransele.example");
        var (recorder, now) = (work.Recorder, TimeProvider.System.GetUtcNow());
        await recorder.IntendAsync(work.Delivery, 1, now);

        recorder.Record(new(work.Delivery, DeliveryState.Accepted, Intended: true, 1, now, now));
        await recorder.IntendAsync(work.Next, 1, now);

        Assert.That(await work.Database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM delivery"), Is.EqualTo(1), "transactions");
        Assert.That(await work.Database.ScalarAsync<string>("SELECT string_agg(state::text, ' ' ORDER BY id) FROM delivery"),
            Is.EqualTo("accepted sending"));
    }

    [Test]
    public async Task An_outcome_that_no_intent_follows_is_committed_all_the_same()
    {
        await using var work = await WorkAsync();
        var now = TimeProvider.System.GetUtcNow();
        await work.Recorder.IntendAsync(work.Delivery, 1, now);

        work.Recorder.Record(new(work.Delivery, DeliveryState.Accepted, Intended: true, 1, now, now));

        await work.Database.UntilAsync("SELECT state = 'accepted' FROM delivery");
    }

    /// <summary>Half a surrogate pair, which Npgsql refuses, and what PostgreSQL itself refuses as data.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task What_cannot_be_stored_of_one_outcome_costs_it_its_words_and_no_other_anything(bool byNpgsql)
    {
        var (stage, words) = byNpgsql ? ("\uD83D", "no such user") : ("RCPT TO", "poison");
        await using var work = await WorkAsync("bo@gransele.example");
        await work.Database.ExecuteAsync(
            """
            CREATE FUNCTION taste() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.reply_text = 'poison' THEN RAISE EXCEPTION 'not for me' USING ERRCODE = '22021'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER taste BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION taste()
            """);
        var (recorder, now) = (work.Recorder, TimeProvider.System.GetUtcNow());
        await Task.WhenAll(recorder.IntendAsync(work.Delivery, 1, now), recorder.IntendAsync(work.Next, 1, now));

        recorder.Record(new(work.Next, DeliveryState.Refused, Intended: true, 1, now, now, Reply: new(550, null, words), Stage: stage));
        recorder.Record(new(work.Delivery, DeliveryState.Refused, Intended: true, 1, now, now, Reply: new(550, null, "no such user"),
            Stage: "RCPT TO"));
        await recorder.FlushAsync();

        Assert.That(await work.Database.ScalarAsync<string>(
            $"SELECT state || ' ' || reply_code || ' ' || reply_text FROM delivery WHERE id = {work.Next.Id}"), Is.EqualTo("refused 550 "));
        Assert.That(await work.Database.ScalarAsync<string>(
            $"SELECT state || ' ' || reply_code || ' ' || reply_text FROM delivery WHERE id = {work.Delivery.Id}"),
            Is.EqualTo("refused 550 no such user"));
        Assert.That(await work.Database.ScalarAsync<long>("SELECT count(*) FROM delivery_attempt"), Is.EqualTo(2));
        Assert.That(work.Log.Lines, Has.Some.Contain($"Delivery {work.Next.Id}: Refused is stored without").And.None.Contain("poison"));
    }

    [Test]
    public async Task Once_it_has_ended_nobody_waits_for_it()
    {
        await using var work = await WorkAsync();
        await work.EndAsync();

        Assert.That(await work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()), Is.EqualTo(IntentAnswer.NoDatabase));
        Assert.That(work.Recorder.FlushAsync, Throws.InvalidOperationException);
    }

    private static async Task<Work> WorkAsync(params string[] others)
    {
        var database = await TestDatabase.CreateAsync();
        foreach (var other in others) await database.SubscriberAsync(other);
        await database.SubscriberAsync("anna@gransele.example");
        await database.IssueAsync(queued: true);
        await using (var host = await TestHost.StartAsync(database, ("Roles", "web"))) await host.PlanAsync();
        var slices = new Slices(database.Source, Options.Create(new DispatchOptions()));
        var deliveries = new List<ClaimedDelivery>();
        foreach (var slice in await slices.ClaimAsync(Guid.NewGuid(), 2, default)) deliveries.AddRange(await slices.ReadAsync(slice, default));
        return new Work(database, deliveries[0]) { Next = deliveries[^1] };
    }

    private sealed class Work : IAsyncDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly Task recording;
        private readonly NpgsqlDataSource source;
        private readonly bool ownsDatabase;

        public Work(TestDatabase database, ClaimedDelivery delivery, bool ownsDatabase = true)
        {
            (Database, Delivery, this.ownsDatabase) = (database, delivery, ownsDatabase);
            Proxy = new LossyProxy(TestDatabase.Postgres.Port);
            source = DatabaseFeature.CreateDataSource(database.ConnectionString.Replace($"Port={TestDatabase.Postgres.Port}", $"Port={Proxy.Port}"));
            Recorder = new Recorder(source, new DatabaseClock(TimeProvider.System), new WorkerActivity(TimeProvider.System),
                LoggerFactory.Create(logging => logging.AddProvider(Log)).CreateLogger<Recorder>());
            recording = Recorder.RunAsync(end.Token);
        }

        public TestDatabase Database { get; }
        public ClaimedDelivery Delivery { get; }
        public required ClaimedDelivery Next { get; init; }
        public LossyProxy Proxy { get; }
        public Recorder Recorder { get; }

        public KeptLog Log { get; } = new();

        public async Task EndAsync()
        {
            await end.CancelAsync();
            await recording;
        }

        public Work Another() => new(Database, Delivery, ownsDatabase: false) { Next = Next };

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            await source.DisposeAsync();
            Proxy.Dispose();
            if (ownsDatabase) await Database.DisposeAsync();
        }
    }
}
