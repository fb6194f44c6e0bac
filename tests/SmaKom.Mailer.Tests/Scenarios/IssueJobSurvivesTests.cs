using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>The job that follows an issue outlives its worker and the database; on a server of its own, since that is stopped.</summary>
public sealed class IssueJobSurvivesTests
{
    private static readonly (string, string)[] Brisk =
        [("Schedule:PollInterval", "00:00:01"), ("Schedule:CheckInInterval", "00:00:00.5"), ("Dispatch:Lease", "00:00:05")];

    [Test]
    public async Task A_killed_workers_job_is_taken_over_while_the_database_restarts_and_nobody_is_lost()
    {
        using var server = new TestPostgres();
        await using var database = await TestDatabase.CreateOnAsync(server);
        await database.SubscribersAsync(400);
        var issue = await database.IssueAsync("2026-12");
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(60) });
        await using var web = await TestHost.StartAsync(database, [("Roles", "web"), .. Given.Relay(relay)]);
        await using var one = WorkerProcess.Start(database, [.. Brisk, .. Given.Relay(relay)]);
        await using var two = WorkerProcess.Start(database, [.. Brisk, .. Given.Relay(relay)]);
        await Task.WhenAll(one.UntilStartedAsync(), two.UntilStartedAsync());
        await web.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await relay.WaitFor(20);
        await database.UntilAsync($"SELECT statename = 'Processing' FROM hangfire.job WHERE id = {Job}");

        var follower = await FollowerAsync(database) == one.Id ? one : two;
        var heir = follower == one ? two : one;
        await follower.KillAsync();
        server.Stop(immediate: true);
        server.Start();
        database.Source.Clear();

        await database.UntilAsync(
            $"SELECT data->>'ServerId' LIKE '%/{heir.Id}:%' FROM hangfire.state WHERE jobid = {Job} AND name = 'Processing' ORDER BY id DESC LIMIT 1");
        var receipt = await database.UntilSettledAsync(issue, TimeSpan.FromMinutes(2));
        await database.UntilAsync($"SELECT statename = 'Succeeded' FROM hangfire.job WHERE id = {Job}");
        var sent = relay.Messages.GroupBy(message => message.Recipient).Select(letters => letters.Count()).ToList();
        Assert.That((receipt.Accepted + receipt.Unknown, receipt.Refused + receipt.Excluded), Is.EqualTo((400, 0)));
        Assert.That(sent, Is.All.EqualTo(1));
        Assert.That(sent, Has.Count.GreaterThanOrEqualTo(receipt.Accepted));

        await database.UntilAsync($"SELECT count(*) = 1 AND bool_and(id LIKE '%/{heir.Id}:%') FROM hangfire.server");
        web.Get<JobEngine>().RunNow(nameof(RetryRuns), null);
        await database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE job = 'RetryRuns' AND kind = 'now' AND state = 'succeeded')");
        Assert.That(await database.ScalarAsync<bool>("SELECT count(*) > 0 FROM hangfire.set WHERE key = 'recurring-jobs'"), Is.True);
    }

    /// <summary>Frozen, a worker still holds its job; awake again, it must not act as if it were alone.</summary>
    [Test]
    public async Task A_frozen_workers_job_is_taken_over_and_when_it_wakes_nothing_is_sent_twice()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(300);
        var issue = await database.IssueAsync("2026-12");
        await using var relay = new FakeRelay(new() { Latency = TimeSpan.FromMilliseconds(60) });
        await using var web = await TestHost.StartAsync(database, [("Roles", "web"), .. Given.Relay(relay)]);
        await using var one = WorkerProcess.Start(database, [.. Brisk, .. Given.Relay(relay)]);
        await using var two = WorkerProcess.Start(database, [.. Brisk, .. Given.Relay(relay)]);
        await Task.WhenAll(one.UntilStartedAsync(), two.UntilStartedAsync());
        await web.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await relay.WaitFor(20);
        await database.UntilAsync($"SELECT statename = 'Processing' FROM hangfire.job WHERE id = {Job}");

        var frozen = await FollowerAsync(database) == one.Id ? one : two;
        await frozen.SignalAsync("STOP");
        await database.UntilAsync(
            $"SELECT data->>'ServerId' NOT LIKE '%/{frozen.Id}:%' FROM hangfire.state WHERE jobid = {Job} AND name IN ('Processing', 'Succeeded') AND data->>'ServerId' IS NOT NULL ORDER BY id DESC LIMIT 1");
        await frozen.SignalAsync("CONT");

        var receipt = await database.UntilSettledAsync(issue, TimeSpan.FromMinutes(2));
        await database.UntilAsync($"SELECT statename = 'Succeeded' FROM hangfire.job WHERE id = {Job}");
        Assert.That(receipt.Accepted + receipt.Unknown, Is.EqualTo(300));
        Assert.That(relay.Messages.GroupBy(message => message.Recipient).Select(letters => letters.Count()), Is.All.EqualTo(1));
    }

    private const string Job = "(SELECT job_id::bigint FROM issue)";

    /// <summary>Process id of the worker whose Hangfire server runs the issue's job.</summary>
    private static async Task<int> FollowerAsync(TestDatabase database) => int.Parse(await database.ScalarAsync<string>(
        $"SELECT substring(data->>'ServerId' FROM '/([0-9]+):') FROM hangfire.state WHERE jobid = {Job} AND name = 'Processing' ORDER BY id DESC LIMIT 1"));
}
