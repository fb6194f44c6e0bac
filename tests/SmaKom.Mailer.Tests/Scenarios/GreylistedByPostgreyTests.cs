using System.Text.RegularExpressions;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A real Postfix that asks a real postgrey: everybody is turned away at first, and everybody gets one letter.</summary>
public sealed partial class GreylistedByPostgreyTests
{
    [Test]
    public async Task Everybody_is_deferred_then_accepted_and_nobody_is_lost_or_doubled()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            $"""
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT a, a, 'example.org', 'active', 'member', now()
            FROM (SELECT 'p' || n || '@example.org' AS a FROM generate_series(1, 20) AS n) AS people;
            {Given.OnNewsletter}
            """);
        var issue = await database.IssueAsync(queued: true);
        await using var postgrey = new Postgrey(delay: TimeSpan.FromSeconds(2));
        await postgrey.StartAsync();
        using var certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        await using var postfix = new PostfixServer(postgrey.Port);
        await postfix.StartAsync(certificates);
        await using var host = await TestHost.StartAsync(database,
            ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{postfix.Port}"), ("Smtp:Tls", "None"), ("Dispatch:PollInterval", "00:00:00.2"),
            ("Dispatch:RetryAfter:0", "00:00:03"));

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused, receipt.Unknown), Is.EqualTo((20, 0, 0)));
        var letters = (await postfix.LettersAsync("X-Greylist: delayed", 20)).Select(System.Text.Encoding.Latin1.GetString).ToList();
        Assert.That(letters.Select(letter => DeliveredTo().Match(letter).Groups[1].Value).ToList(), Has.Count.EqualTo(20).And.Unique);
        Assert.That(await database.ScalarAsync<long>(
            "SELECT count(DISTINCT delivery_id) FROM delivery_attempt WHERE reply_code = 450 AND reply_enhanced IN ('4.2.0', '4.7.1')"),
            Is.EqualTo(20), "deferred in the server's words");
        Assert.That(await database.ScalarAsync<bool>("SELECT bool_and(attempts BETWEEN 2 AND 3) FROM delivery"));
        Assert.That(await database.ScalarAsync<bool>("SELECT last_failure_at IS NULL FROM relay"), "greylisting is no failure of the relay");
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM destination_state"), Is.Zero, "nor does it ask us to slow down");
    }

    [GeneratedRegex(@"^Delivered-To: (\S+)", RegexOptions.Multiline)]
    private static partial Regex DeliveredTo();
}
