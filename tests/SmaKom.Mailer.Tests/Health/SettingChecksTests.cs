using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>Settings that are fit for a trial are told of, and those that are fit for earnest use are not.</summary>
public sealed class SettingChecksTests : CheckupFixture
{
    private const string Login = "Username=mailer;Password=4f9c1b7e22";

    [Test]
    public async Task Settings_that_are_fit_for_a_trial_only_are_found()
    {
        await using var host =
            await TestHost.StartAsync(Database,
                [.. Given.Relay(Relay), ("Accounts:AllowSampleLogin", "true"), ("Site:PublicUrl", "http://nyhetsbrev.smakom.test")]);

        Assert.That(await KindsAsync(host), Is.EquivalentTo(new[]
        {
            FindingKind.PublicUrlUnsafe, FindingKind.SenderSample, FindingKind.DkimMissing, FindingKind.SampleLoginOpen, FindingKind.KeysInPlainText,
        }));
    }

    [Test]
    public async Task Of_a_sample_run_nothing_is_told_but_that_it_is_one() =>
        Assert.That(await KindsOfSettingsAsync(Login, ("Inbox:Enabled", "true"), ("Accounts:AllowSampleLogin", "true")),
            Is.EqualTo(new[] { FindingKind.SampleRun }));

    [TestCase("Username=mailer;Password=mailer", true)]
    [TestCase("Username=mailer;Password=Postgres", true)]
    [TestCase("Username=nyhetsbrev;Password=nyhetsbrev", true)]
    [TestCase(Login, false)]
    public async Task A_password_that_anybody_would_guess_is_found(string login, bool guessable) =>
        Assert.That(await KindsOfSettingsAsync(login), Is.EqualTo(guessable ? [FindingKind.DatabasePasswordWeak] : Array.Empty<FindingKind>()));

    [Test]
    public async Task A_guessable_password_beside_the_connection_string_is_found_too() =>
        Assert.That(await KindsOfSettingsAsync("Username=mailer", ("PGPASSWORD", "postgres")),
            Is.EqualTo(new[] { FindingKind.DatabasePasswordWeak }));

    [TestCase("smakom.example", true)]
    [TestCase("example.org", true)]
    [TestCase("post.example.com", true)]
    [TestCase("example.net", true)]
    [TestCase("minexample.org", false)]
    [TestCase("smakom.se", false)]
    public async Task A_domain_that_nobody_owns_is_found(string domain, bool sample) =>
        Assert.That(await KindsOfSettingsAsync(Login, ("Sender:Address", $"nyhetsbrev@{domain}")),
            Is.EqualTo(sample ? [FindingKind.SenderSample] : Array.Empty<FindingKind>()));
}
