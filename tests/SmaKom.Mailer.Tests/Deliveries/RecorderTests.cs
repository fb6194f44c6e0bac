using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Deliveries;
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
        var outcome = new Outcome(delivery, DeliveryState.Deferred, Intended: true, 1, now, now, NextAttemptAt: now.AddMinutes(15), Stage: "end of data");
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
        var (first, second) = (work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()), work.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow()));
        await using var other = work.Another();
        var third = other.Recorder.IntendAsync(work.Delivery, 1, TimeProvider.System.GetUtcNow());

        var answers = await Task.WhenAll(first, second, third);

        Assert.That(answers.Count(a => a == IntentAnswer.Granted), Is.EqualTo(1).Or.EqualTo(2), "two asks of one process in one batch are one intent");
        Assert.That(await work.Database.ScalarAsync<short>("SELECT attempts FROM delivery"), Is.EqualTo(1));
    }

    private static async Task<Work> WorkAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.SubscriberAsync("anna@gransele.example");
        await database.IssueAsync(queued: true);
        await using (var host = await TestHost.StartAsync(database, ("Roles", "web"))) await host.PlanAsync();
        var slices = new Slices(database.Source, Options.Create(new DispatchOptions()), TimeProvider.System);
        var slice = (await slices.ClaimAsync(Guid.NewGuid(), 1, default)).Single();
        return new Work(database, (await slices.ReadAsync(slice, default)).Single());
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
            Recorder = new Recorder(source, TimeProvider.System, NullLogger<Recorder>.Instance);
            recording = Recorder.RunAsync(end.Token);
        }

        public TestDatabase Database { get; }
        public ClaimedDelivery Delivery { get; }
        public LossyProxy Proxy { get; }
        public Recorder Recorder { get; }

        public Work Another() => new(Database, Delivery, ownsDatabase: false);

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await recording;
            await source.DisposeAsync();
            Proxy.Dispose();
            if (ownsDatabase) await Database.DisposeAsync();
        }
    }
}
