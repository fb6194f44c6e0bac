using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Subscribers.Preferences;
using SmaKom.Mailer.Subscribers.Unseen;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>People who were taken twice, when characters that nobody sees were still let in.</summary>
public sealed class AddressMendingTests : SiteFixture
{
    private const string Clean = "anna@gransele.example";

    [TearDown]
    public Task EmptyAsync() => Database.EmptyAsync("subscriber, suppression, admin_action");

    [Test]
    public async Task Twins_are_found_become_one_and_a_link_of_either_speaks_for_both()
    {
        var anna = await Database.SubscriberAsync(Clean);
        var twin = await GivenAsync("anna\u200B@gransele.example");
        var alone = await GivenAsync("bo@gran\u00ADsele.example");
        var unreadable = await GivenAsync("cia\uFFFD@gransele.example");
        await Database.SubscriberAsync("åsa@gransele.example");
        Assert.That((await KindsAsync()).Single(finding => finding.Kind == FindingKind.AddressesUnseen).Facts, Is.EqualTo(new object[] { 3 }));

        var said = await Smakom.RunAsync(Database, "subscribers", "mend", "--dry-run");
        Assert.That((said.ExitCode, said.Output), Is.EqualTo((ExitCode.Done,
            $"anna‹U+200B›@gransele.example\tär samma person som {Clean}, som talar för båda\nbo@gran‹U+00AD›sele.example\tblir bo@gransele.example\n"
            + "cia‹U+FFFD›@gransele.example\tkan inte läsas: får inga fler brev\nDet här var en provkörning. Inget har ändrats.\n")), said.Errors);
        Assert.That(await MendAsync(), Is.EqualTo(new[] { MendingOutcome.Joined, MendingOutcome.Cleaned, MendingOutcome.Stopped }));

        Assert.That((await StatusAsync(anna), await StatusAsync(twin), await StatusAsync(unreadable)),
            Is.EqualTo(("active", "unsubscribed", "bounced")));
        Assert.That(await Database.ScalarAsync<string>($"SELECT concat_ws(' ', email, email_key, domain, status) FROM subscriber WHERE id = {alone}"),
            Is.EqualTo("bo@gransele.example bo@gransele.example gransele.example active"));
        Assert.That((await KindsAsync()).Select(finding => finding.Kind), Has.No.Member(FindingKind.AddressesUnseen));
        Assert.That(await MendAsync(), Is.Empty);

        Assert.That((await Host.Get<SubscriberDetails>().FindAsync(twin, default))!.Id, Is.EqualTo(anna));
        using var reader = new PageReader(Host.Url);
        var page = await reader.SubmitAsync(await reader.GetAsync(Host.UnsubscribePath(twin)), "main form", ("knapp", "avsluta"));
        Assert.That(await StatusAsync(anna), Is.EqualTo("unsubscribed"));
        await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));
        Assert.That(await StatusAsync(anna), Is.EqualTo("active"));
    }

    [TestCase("active", "unsubscribed", ExpectedResult = "unsubscribed")]
    [TestCase("active", "complained", ExpectedResult = "complained")]
    [TestCase("unsubscribed", "active", ExpectedResult = "unsubscribed")]
    [TestCase("complained", "unsubscribed", ExpectedResult = "complained")]
    [TestCase("pending", "active", ExpectedResult = "active")]
    [TestCase("bounced", "active", ExpectedResult = "bounced")]
    [TestCase("erased", "unsubscribed", ExpectedResult = "erased")]
    public async Task<string> Whoever_has_said_no_by_either_has_said_no(string clean, string twin)
    {
        var anna = await Database.SubscriberAsync(Clean);
        await Database.ExecuteAsync($"UPDATE subscriber SET status = '{clean}' WHERE id = {anna}");
        await GivenAsync("anna@gransele.example\u200B", twin);

        await MendAsync();

        return await StatusAsync(anna);
    }

    private async Task<IEnumerable<MendingOutcome>> MendAsync() =>
        (await Host.Get<AddressMending>().RunAsync(Actor.CommandLine, dryRun: false, default)).Select(one => one.Outcome);

    private Task<IReadOnlyList<Finding>> KindsAsync() => Host.Get<Checkup>().LookAsync(default);

    private Task<string> StatusAsync(long id) => Database.StatusAsync(id);

    private Task<long> GivenAsync(string email, string status = "active") => Database.ScalarAsync<long>(
        """
        WITH person AS (
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at, left_at)
            VALUES ($1, $1, 'gransele.example', $2::subscriber_status, 'member', now(), CASE $2 WHEN 'unsubscribed' THEN now() END)
            RETURNING *),
        on_list AS (INSERT INTO subscription SELECT id, 1, legal_basis, created_at, left_at FROM person)
        SELECT id FROM person
        """, new() { Value = email }, new() { Value = status });
}
