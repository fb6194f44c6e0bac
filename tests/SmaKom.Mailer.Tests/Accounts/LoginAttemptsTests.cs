using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Accounts;

/// <summary>Attempts that come at the same moment count each other, in one process or in several.</summary>
public sealed class LoginAttemptsTests : SiteFixture
{
    private const int AtOnce = 50;

    private static readonly CountingHasher Hasher = new();

    private int sample;

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.ExecuteAsync("UPDATE staff_member SET access_failed_count = 0, lockout_end = NULL; DELETE FROM login_attempt");
        sample = await Database.ScalarAsync<int>("SELECT id FROM staff_member WHERE sample");
    }

    [Test]
    public async Task Of_fifty_wrong_passwords_at_once_five_are_looked_at()
    {
        var readers = Enumerable.Range(0, AtOnce).Select(_ => new PageReader(Host.Url)).ToList();
        var forms = await Task.WhenAll(readers.Select(reader => reader.GetAsync("/logga-in")));
        Hasher.Looked = 0;

        var answers = await Task.WhenAll(readers.Zip(forms, (reader, form) =>
            reader.SubmitAsync(form, "form.card", ("Email", SampleData.LoginEmail), ("Password", "fel lösenord"))));

        Assert.That(Hasher.Looked, Is.EqualTo(5));
        var said = answers.Select(page => page.QuerySelector("#login-problem")!.TextContent).Distinct();
        Assert.That(said.Count(), Is.EqualTo(1), "one answer for all");
        var right = await readers[0].LogInAsync();
        Assert.That(right.QuerySelector("#login-problem"), Is.Not.Null, "the account waits");
        foreach (var reader in readers) reader.Dispose();
    }

    [Test]
    public async Task Two_processes_count_together()
    {
        await using var second = await StartHostAsync();
        LoginAttempts[] attempts = [Host.Get<LoginAttempts>(), second.Get<LoginAttempts>()];
        var verdicts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n =>
            attempts[n % 2].CountAsync(new IPAddress([192, 0, 2, (byte)n]), sample, default)));

        Assert.That(verdicts.Count(verdict => verdict == AttemptVerdict.Try), Is.EqualTo(5));
    }

    [Test]
    public async Task From_one_network_no_more_are_tried_than_allowed_however_many_accounts()
    {
        await using var strict = await StartWebAsync(("Accounts:AttemptsPerNetworkAddress", "7"));
        var attempts = strict.Get<LoginAttempts>();
        var household = Enumerable.Range(0, AtOnce).Select(n => IPAddress.Parse($"2001:db8:1:2::{n:x}"));
        // Fills the pool: those that wait for a connection do not come at once.
        await Task.WhenAll(household.Select(_ => attempts.CountAsync(IPAddress.IPv6Loopback, null, default)));

        var verdicts = await Task.WhenAll(household.Select(address => attempts.CountAsync(address, null, default)));

        Assert.That(verdicts.Count(verdict => verdict != AttemptVerdict.TooMany), Is.EqualTo(7));
        var neighbour = IPAddress.Parse("2001:db8:1:3::1");
        Assert.That(await attempts.CountAsync(neighbour, sample, default), Is.EqualTo(AttemptVerdict.Try), "another household");
        await Database.ExecuteAsync("UPDATE login_attempt SET at = at - interval '5 minutes'");
        Assert.That(await attempts.CountAsync(household.First(), sample, default), Is.EqualTo(AttemptVerdict.Try), "later");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM login_attempt"), Is.EqualTo(1), "what no longer counts is forgotten");
    }

    [Test]
    public async Task A_right_password_forgives_the_wrong_ones_before_it()
    {
        using var reader = new PageReader(Host.Url);
        for (var i = 0; i < 4; i++) await reader.LogInAsync(password: "fel lösenord");
        await reader.LogInAsync();

        Assert.That(reader.Path, Is.EqualTo("/redaktion"));
        Assert.That(await Database.ScalarAsync<bool>("SELECT access_failed_count = 0 AND lockout_end IS NULL FROM staff_member WHERE sample"));
    }

    protected override Task<TestHost> StartHostAsync() => TestHost.StartAsync(
        Database,
        builder => builder.Services.AddSingleton<IPasswordHasher<StaffMember>>(Hasher),
        ("Roles", "web"), StaffSite.SampleLoginAllowed, ("Accounts:AttemptsPerNetworkAddress", "1000"));

    /// <summary>Identity's own, which tells how often it was asked about a real account.</summary>
    private sealed class CountingHasher : PasswordHasher<StaffMember>
    {
        public int Looked;

        public override PasswordVerificationResult VerifyHashedPassword(StaffMember user, string hashedPassword, string providedPassword)
        {
            if (user.UserName is not null) Interlocked.Increment(ref Looked);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
