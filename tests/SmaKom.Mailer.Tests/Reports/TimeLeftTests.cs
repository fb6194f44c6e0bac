using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Reports;

/// <summary>What a page says of the time left while limits hold letters back.</summary>
public sealed class TimeLeftTests : SiteFixture
{
    private int issue;

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, rate_limit, relay");
        await Database.SubscribersAsync(203);
        await Database.RelayAsync();
        issue = await Database.IssueAsync(queued: true);
        await Host.PlanAsync();
        // Sixty are out within the last seconds, as fast as the relay takes them.
        await Database.ExecuteAsync(
            """
            UPDATE issue SET started_at = now() - interval '3 seconds';
            UPDATE delivery SET state = 'accepted', last_attempt_at = now(), finished_at = now() WHERE id < (SELECT min(id) + 60 FROM delivery);
            """);
    }

    [Test]
    public async Task Without_a_limit_the_rate_says_it() => Assert.That(await LeftAsync(), Is.EqualTo("Mindre än en minut kvar."));

    [Test]
    public async Task A_limit_says_more_than_the_rate_of_the_first_seconds()
    {
        await LimitAsync(null, 60, used: 60);

        Assert.That(await LeftAsync(), Is.EqualTo("Ungefär 3 minuter kvar. En hastighetsgräns håller tillbaka breven: högst 60 brev per minut."));
        var told = (await Host.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.LimitHolds);
        Assert.That(told.Facts, Is.EqualTo(new object[] { "2026-11", 60L, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3) }));
    }

    [Test]
    public async Task A_limit_that_holds_everything_is_told_instead_of_a_standstill()
    {
        await LimitAsync(null, 1, used: 1);
        await Database.ExecuteAsync("UPDATE delivery SET last_attempt_at = now() - interval '5 minutes' WHERE last_attempt_at IS NOT NULL");

        Assert.That(await LeftAsync(), Does.StartWith("Ungefär 3 timmar kvar. En hastighetsgräns"));
    }

    [Test]
    public async Task A_limit_of_one_receiver_counts_its_letters_only()
    {
        await Database.ExecuteAsync("UPDATE delivery SET domain = 'gmail.com' WHERE id >= (SELECT max(id) - 9 FROM delivery)");
        await LimitAsync("gmail.com", 5, used: 5);

        Assert.That(await LeftAsync(),
            Is.EqualTo("Ungefär 2 minuter kvar. En hastighetsgräns håller tillbaka breven till google: högst 5 brev per minut."));
    }

    [Test]
    public async Task A_receiver_that_asked_us_to_slow_down_is_named()
    {
        await Database.ExecuteAsync(
            """
            UPDATE delivery SET domain = 'trog.example' WHERE id >= (SELECT max(id) - 9 FROM delivery);
            INSERT INTO destination_state (relay_id, destination_group, paused_until, max_connections, reply)
            SELECT id, 'trog.example', now() + interval '9 minutes 30 seconds', 1, '451 slow down' FROM relay
            """);

        Assert.That(await LeftAsync(), Does.StartWith("Ungefär 10 minuter kvar. trog.example har bett oss skicka långsammare: 10 brev väntar till kl. "));
    }

    [TestCase(60, 0, false, 60, ExpectedResult = 0)]
    [TestCase(60, 60, false, 60, ExpectedResult = 1)]
    [TestCase(60, 60, false, 61, ExpectedResult = 2)]
    [TestCase(100, 100, true, 200, ExpectedResult = 1)]
    [TestCase(100, 0, true, 301, ExpectedResult = 2)]
    public double Spans_are_counted_from_what_is_free(int count, int used, bool doubles, int letters) =>
        new HoldingLimit(null, count, TimeSpan.FromDays(1), doubles, used).LeastTime(letters).TotalDays;

    private async Task<string> LeftAsync()
    {
        System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo("sv");
        var now = (await Host.Get<LiveNumbers>().ReadAsync(issue))!;
        Assert.That(now.State, Is.EqualTo(IssueState.Sending));
        return Host.Get<MailingProgress>().Describe(now, null).Values["left"];
    }

    private async Task LimitAsync(string? group, int count, int used)
    {
        await Host.Get<RateLimits>().SetAsync(null, group, count, TimeSpan.FromMinutes(1), null, Given.Editor, default);
        await Database.ExecuteAsync($"INSERT INTO rate_use SELECT id, rate_slot(per, clock_timestamp()), {used} FROM rate_limit");
    }
}
