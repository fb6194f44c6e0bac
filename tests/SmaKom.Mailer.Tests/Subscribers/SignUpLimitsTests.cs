using System.Diagnostics;
using System.Net;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>How many mails strangers can make us send, and what the answer tells them.</summary>
public sealed class SignUpLimitsTests : SignUpFixture
{
    /// <summary>
    /// 2 × 200 posts in a random order, of people who subscribe and of addresses that nobody has: were one kind answered later, the medians of
    /// the two would be further apart than those of nearly all other ways to part the same 400 (a permutation test at 1 in 10,000).
    /// </summary>
    [Test]
    public async Task A_known_address_is_answered_as_soon_as_a_new_one()
    {
        await using var open = await TestHost.StartAsync(Database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"),
            ("SignUp:PerNetworkAndHour", "1000"), ("SignUp:PerHour", "1000"));
        await Database.ExecuteAsync(
            """
            INSERT INTO subscriber (email, email_key, domain, status, legal_basis, created_at)
            SELECT a, a, 'gransele.example', 'active', 'consent', now() FROM (SELECT 'known' || n || '@gransele.example' AS a FROM generate_series(1, 200) n) s
            """);
        using var reader = new PageReader(open.Url, followRedirects: false);
        var form = await reader.GetAsync("/prenumerera");
        var random = new Random(1);
        var took = new List<(bool IsKnown, double Milliseconds)>();
        foreach (var (kind, n) in Enumerable.Range(-20, 420).Select(n => (IsKnown: n % 2 == 0, n)).OrderBy(one => one.n < 0 ? -1 : random.Next()))
        {
            var start = Stopwatch.GetTimestamp();
            await reader.SubmitAsync(form, "main form", ("Form.Email", $"{(kind ? "known" : "new")}{n / 2 + 1}@gransele.example"), ("Form.Consent", "true"));
            if (n >= 0) took.Add((kind, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        }

        var times = took.Select(one => one.Milliseconds).ToArray();
        var apart = Apart(took.Select(one => one.IsKnown).ToArray());
        var further = Enumerable.Range(0, 9999).Count(_ =>
        {
            var shuffled = took.Select(one => one.IsKnown).ToArray();
            random.Shuffle(shuffled);
            return Apart(shuffled) >= apart;
        });
        Assert.That(further, Is.Positive, $"the medians are {apart:0.000} ms apart");

        double Apart(bool[] known) => Math.Abs(Median(known, true) - Median(known, false));
        double Median(bool[] known, bool kind) => times.Where((_, i) => known[i] == kind).Order().ElementAt(100);
    }

    /// <summary>500 posts here stand for 10,000: what bounds the mails does not grow with the posts.</summary>
    [Test]
    public async Task A_flood_of_sign_ups_makes_a_bounded_number_of_mails()
    {
        using var first = new PageReader(Host.Url);
        var form = await first.GetAsync("/prenumerera");
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            await first.SubmitAsync(form, "main form", ("Form.Email", $"victim{i % 100}@gransele.example"), ("Form.Consent", "true"));
            if (first.Answer.StatusCode == HttpStatusCode.TooManyRequests) refused++;
        }

        while (await Host.Get<SignUpDecisions>().DecideAsync(default)) { }
        Assert.That(await CountAsync("notice"), Is.EqualTo(30), "SignUp:PerNetworkAndHour");
        Assert.That(refused, Is.EqualTo(470));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM sign_up WHERE network IS NULL OR length(network) <> 32"), Is.Zero,
            "no bare network address");
    }

    [Test]
    public async Task One_address_gets_one_confirmation_a_day_and_three_a_month()
    {
        using var reader = new PageReader(Host.Url);
        for (var day = 0; day < 6; day++)
        {
            await SignUpAsync(reader, "asa@gransele.example");
            await SignUpAsync(reader, "ASA@gransele.example");
            await DecideAsync();
            await Database.ExecuteAsync(
                "UPDATE sign_up SET requested_at = requested_at - interval '25 hours', decided_at = decided_at - interval '25 hours'");
        }

        Assert.That(await CountAsync("notice"), Is.EqualTo(3));
    }

    [Test]
    public async Task What_stands_behind_a_plus_makes_no_other_mailbox()
    {
        using var reader = new PageReader(Host.Url);
        foreach (var address in new[] { "asa+ett@gransele.example", "asa@gransele.example", "Asa+tva+tre@gransele.example",
            "asa+ett@moviken.example", "+asa@gransele.example" })
            await SignUpAsync(reader, address);
        await DecideAsync();

        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,too_soon,too_soon,mailed,mailed"));
    }

    [Test]
    public async Task One_domain_gets_no_more_than_its_share_of_confirmations_a_day()
    {
        await using var narrow =
            await TestHost.StartAsync(Database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerDomainAndDay", "2"));
        using var reader = new PageReader(narrow.Url);
        foreach (var address in new[] { "a@gransele.example", "b@gransele.example", "c@gransele.example", "d@moviken.example" })
            await SignUpAsync(reader, address);
        await narrow.Get<SignUpDecisions>().DecideAsync(default);

        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,mailed,too_many,mailed"));

        await Database.ExecuteAsync("UPDATE sign_up SET decided_at = decided_at - interval '25 hours'");
        await SignUpAsync(reader, "e@gransele.example");
        await narrow.Get<SignUpDecisions>().DecideAsync(default);
        Assert.That(await Database.ScalarAsync<string>("SELECT verdict FROM sign_up ORDER BY id DESC LIMIT 1"), Is.EqualTo("mailed"));
    }
}
