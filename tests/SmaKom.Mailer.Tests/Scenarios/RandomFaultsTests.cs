using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// The invariant, whatever happens: rounds of random faults of the relay, the database, the lease and the people, drawn from a seed.
/// At the end nobody is lost, nobody has two letters, and the receipt has added up at every look.
/// </summary>
[NonParallelizable] // its bound on unknown letters rests on a lease and time-outs of seconds, which a full machine overruns
public sealed class RandomFaultsTests
{
    private const int Rounds = 12;
    private const int People = 24;

    private static readonly string[] Commands = ["connect", "EHLO", "MAIL", "RCPT", "DATA", "BDAT", ".", "RSET"];
    private static readonly FakeRelayAct[] Misbehaviours = [FakeRelayAct.Hang, FakeRelayAct.Closing, FakeRelayAct.Drop, FakeRelayAct.Answer];
    private static readonly string[] Prefixes =
        ["p", "p", "p", "permfail", "greylist", "tempfail-data", "hangup-before-data", "hangup-after-data", "closing"];

    /// <summary>Both clients beside each other: most of it is waiting for time-outs.</summary>
    [TestCase(20261122)]
    public Task Nobody_is_lost_nobody_doubled_and_the_receipt_adds_up(int seed) =>
        Task.WhenAll(PlayAsync(SmtpClientKind.MailKit, seed), PlayAsync(SmtpClientKind.Pipelined, seed));

    private static async Task PlayAsync(SmtpClientKind client, int seed)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database,
            [.. Given.Relay(relay, connections: 3, client), ("Smtp:CommandTimeout", "00:00:01.5"), ("Smtp:LongestBackOff", "00:00:00.2"),
                ("Dispatch:GiveUpAfter", "00:00:00.5"), ("Dispatch:Lease", "00:00:04")]);
        var chunking = false;
        for (var round = 1; round <= Rounds; round++)
        {
            var story = new Story(new Random(seed + round), round);
            // A connection that outlives its round keeps what it was greeted with.
            chunking = story.Chunking || chunking && relay.Open > 0;
            try
            {
                await PlayAsync(story, story.MostUnknown(chunking), database, host, relay);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                throw new InvalidOperationException($"{client}, round {round} of seed {seed}: {story}", e);
            }

            TestContext.Out.WriteLine($"{client} {round}: {story}");
        }
    }

    private static async Task PlayAsync(Story story, int mostUnknown, TestDatabase database, TestHost host, FakeRelay relay)
    {
        await database.ExecuteAsync("UPDATE subscriber SET status = 'unsubscribed' WHERE status = 'active'");
        foreach (var prefix in story.People)
            await database.SubscribersAsync(People / story.People.Count, $"{prefix}-{story.Round}-{prefix.Length}-{story.Next()}-");
        relay.Options = new FakeRelayOptions { Faults = story.Faults, Chunking = story.Chunking, Pipelining = story.Pipelining };
        var issue = await database.IssueAsync($"{2100 + story.Round}-01", queued: true);
        await host.PlanAsync();

        foreach (var act in story.Acts) await DoAsync(act, story, issue, database, host);
        await ResumeAsync(issue, database, host);
        using var settled = new CancellationTokenSource();
        var rescuing = RescueOftenAsync(host, settled.Token);
        var receipt = await database.UntilSettledAsync(issue);
        await settled.CancelAsync();
        await rescuing;

        await Books.AssertBalancedAsync(database, issue, relay);
        Assert.That(receipt.Unknown, Is.LessThanOrEqualTo(mostUnknown), $"unknown without a cause: {story}\n{await DoubtsAsync(database, issue)}");
    }

    /// <summary>What is known of each letter in doubt, for whoever reads a failure.</summary>
    private static async Task<string> DoubtsAsync(TestDatabase database, int issue)
    {
        await using var command = database.Source.CreateCommand(
            """
            SELECT d.email || ': ' || d.reason || ', ' || d.attempts || ' attempts, intent ' || d.last_attempt_at::time || ', settled ' || d.finished_at::time
            FROM delivery AS d
            WHERE d.issue_id = $1 AND d.state = 'unknown'
            ORDER BY d.finished_at
            """);
        command.Parameters.Add(new() { Value = issue });
        var doubts = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) doubts.Add(rows.GetString(0));
        return string.Join('\n', doubts);
    }

    /// <summary>As the job does every 15 seconds: a claim whose answer was lost with its connection is free when its lease has run out.</summary>
    private static async Task RescueOftenAsync(TestHost host, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await timer.WaitForNextTickAsync(ct).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully, TaskScheduler.Default))
            await StubbornlyAsync(() => host.Get<ExpiredLeases>().RescueAsync(default));
    }

    private static async Task DoAsync(string act, Story story, int issue, TestDatabase database, TestHost host)
    {
        await Task.Delay(story.Random.Next(1, 40));
        switch (act)
        {
            case "cut":
                await database.ExecuteAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
                database.Source.Clear();
                break;
            case "rescue":
                await database.ExecuteAsync("UPDATE slice SET lease_until = now() - interval '1 second' WHERE claim_id IS NOT NULL");
                await StubbornlyAsync(() => host.Get<ExpiredLeases>().RescueAsync(default));
                break;
            case "pause":
                await StubbornlyAsync(() => host.Get<IssueCommands>().PauseAsync(issue, Given.Editor, default));
                break;
            case "leave":
                await database.ExecuteAsync(
                    $"UPDATE subscriber SET status = 'unsubscribed', left_at = now() WHERE status = 'active' AND id % 5 = {story.Random.Next(5)}");
                break;
        }

        if (act != "pause") await ResumeAsync(issue, database, host);
    }

    private static async Task ResumeAsync(int issue, TestDatabase database, TestHost host)
    {
        if (await database.StateAsync(issue) == IssueState.Paused)
            await StubbornlyAsync(() => host.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default));
    }

    /// <summary>The host's own pooled connections may have been cut; what a person or a job does then is try again.</summary>
    private static async Task StubbornlyAsync(Func<Task> act)
    {
        for (var left = 60; ; left--)
        {
            try
            {
                await act();
                return;
            }
            catch (Exception e) when (left > 0 && e is Npgsql.NpgsqlException or InvalidOperationException { InnerException: Npgsql.NpgsqlException })
            {
            }
        }
    }

    /// <summary>What happens in one round.</summary>
    private sealed class Story(Random random, int round)
    {
        private int next;

        public Random Random => random;
        public int Round => round;
        public bool Pipelining { get; } = random.Next(4) > 0;
        public bool Chunking { get; } = random.Next(2) > 0;
        public IReadOnlyList<string> People { get; } = [.. Enumerable.Range(0, 4).Select(_ => Prefixes[random.Next(Prefixes.Length)])];

        public IReadOnlyList<FakeRelayFault> Faults { get; } =
            [.. Enumerable.Range(0, random.Next(4))
                .Select(_ => new FakeRelayFault(Commands[random.Next(Commands.Length)], Misbehaviours[random.Next(Misbehaviours.Length)],
                    random.Next(20), random.Next(1, 4)))];

        public IReadOnlyList<string> Acts { get; } =
            [.. Enumerable.Range(0, random.Next(5)).Select(_ => new[] { "cut", "rescue", "pause", "leave" }[random.Next(4)])];

        /// <summary>
        /// A reply lost after the end of data (to which BDAT belongs, see RFC 3030), or a rescue of what was being
        /// sent: nothing else may leave a doubt.
        /// </summary>
        /// <param name="chunking">Some connection may send with BDAT.</param>
        public int MostUnknown(bool chunking) =>
            People.Count(prefix => prefix == "hangup-after-data" || chunking
                && prefix == "hangup-before-data") * (RandomFaultsTests.People / People.Count)
            + Faults.Where(fault => fault.Act is FakeRelayAct.Drop or FakeRelayAct.Hang && fault.At is "." or "BDAT" or "DATA" or "MAIL" or "RCPT")
                .Sum(fault => fault.Times)
            + Acts.Count(act => act == "rescue") * 3;

        public int Next() => ++next;

        public override string ToString() =>
            $"people [{string.Join(' ', People)}] faults [{string.Join(' ', Faults.Select(f => $"{f.At}/{f.Act}/{f.Skip}/{f.Times}"))}] acts [{string.Join(' ', Acts)}] pipelining {Pipelining} chunking {Chunking}";
    }
}
