using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Schedule;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Schedule;

/// <summary>Queueing an issue sets an alarm for it; taking it back or cancelling takes the alarm back.</summary>
public sealed class IssueAlarmTests
{
    private static readonly DateTimeOffset December = DateTimeOffset.Parse("2126-12-02T08:00:00Z");
    private TestDatabase database = null!;
    private TestHost host = null!;
    private int issue;

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        issue = await database.ScalarAsync<int>(
            """
            INSERT INTO issue (slug, year, month, subject, content, created_at, updated_at)
            VALUES ('2126-12', 2126, 12, 'Nyhetsbrev', '{}', now(), now())
            RETURNING id
            """);
    }

    [TearDown]
    public async Task TearDown()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Queueing_sets_one_alarm_at_the_issues_time()
    {
        var desk = host.Get<IssueDesk>();
        await desk.QueueAsync(issue, December.AddDays(1), default);
        await desk.QueueAsync(issue, December, default);

        Assert.That(await AlarmsAsync(), Is.EqualTo(1));
        Assert.That((await host.Get<IJobEngine>().AlarmsAsync(default)).Single().At, Is.EqualTo(December));
    }

    [Test]
    public async Task Taking_back_and_cancelling_take_the_alarm_back()
    {
        var desk = host.Get<IssueDesk>();
        await desk.QueueAsync(issue, December, default);
        await desk.TakeBackAsync(issue, default);
        Assert.That(await AlarmsAsync(), Is.Zero);

        await desk.QueueAsync(issue, December, default);
        await desk.CancelAsync(issue, default);
        Assert.That(await AlarmsAsync(), Is.Zero);
    }

    [Test]
    public async Task A_time_that_has_passed_sets_nothing()
    {
        Assert.That(await host.Get<IssueDesk>().QueueAsync(issue, DateTimeOffset.Parse("2020-01-01T08:00:00Z"), default), Is.EqualTo(DeskAnswer.TimeHasPassed));
        Assert.That(await AlarmsAsync(), Is.Zero);
    }

    private async Task<int> AlarmsAsync() => (await host.Get<IJobEngine>().AlarmsAsync(default)).Count;
}
