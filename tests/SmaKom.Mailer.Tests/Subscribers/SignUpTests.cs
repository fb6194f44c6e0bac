using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.DataProtection;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class SignUpTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerNetworkAndHour", "30"));
    }

    [SetUp]
    public Task Empty() => database.EmptyAsync("subscriber, sign_up, notice");

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task The_form_the_mail_and_the_button_make_a_subscriber_with_proof_of_consent()
    {
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "Asa@Gransele.example", ("Form.Name", "Åsa Öst"), ("Form.Municipality", "Gransele"));
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await CountAsync("subscriber"), Is.Zero, "nobody is one before the mailbox has confirmed");

        var page = await reader.GetAsync(await MailedLinkAsync());
        Assert.That(await CountAsync("subscriber"), Is.Zero, "looking changes nothing");
        page = await reader.SubmitAsync(page, "main form");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Välkommen!"));
        Assert.That(await database.ScalarAsync<string>(
            "SELECT concat_ws('|', email, email_key, domain, name, municipality, status, legal_basis) FROM subscriber"),
            Is.EqualTo("Asa@Gransele.example|asa@gransele.example|gransele.example|Åsa Öst|Gransele|active|consent"));
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(kind, ',' ORDER BY id) FROM subscriber_event"),
            Is.EqualTo("signed_up,confirmed"));
        Assert.That(await database.ScalarAsync<string>("SELECT detail::text FROM subscriber_event WHERE kind = 'signed_up'"),
            Does.Contain("Jag vill få nyhetsbrevet från SmåKom till den här e-postadressen.").And.Contain("\"version\": \"2\"")
                .And.Contain("/prenumerera"));
    }

    [Test]
    public async Task A_second_press_confirms_nothing_twice()
    {
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "asa@gransele.example");
        var page = await reader.GetAsync(await MailedLinkAsync());
        await reader.SubmitAsync(page, "main form");
        var again = await reader.SubmitAsync(page, "main form");

        Assert.That(again.QuerySelector("h1")!.TextContent, Is.EqualTo("Välkommen!"));
        Assert.That(await CountAsync("subscriber_event"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_token_is_stored_as_a_hash_and_an_encrypted_payload_only()
    {
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "asa@gransele.example");
        var token = (await MailedLinkAsync()).Split('/')[^1];

        Assert.That(token, Has.Length.GreaterThanOrEqualTo(22), "128 bits");
        Assert.That(await database.ScalarAsync<bool>(
            "SELECT bool_or(s::text LIKE '%' || @t || '%') FROM (SELECT s::text FROM sign_up s UNION ALL SELECT n::text FROM notice n) s",
            new Npgsql.NpgsqlParameter("t", token)), Is.False);
    }

    [Test]
    public async Task An_expired_link_says_so_and_a_new_one_is_one_press_away()
    {
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "asa@gransele.example", ("Form.Name", "Åsa Öst"));
        var link = await MailedLinkAsync();
        var page = await reader.GetAsync(link);
        await database.ExecuteAsync("UPDATE sign_up SET expires_at = requested_at - interval '1 second'");

        page = await reader.SubmitAsync(page, "main form");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Länken har slutat gälla"));
        Assert.That(await CountAsync("subscriber"), Is.Zero);

        await database.ExecuteAsync("UPDATE sign_up SET decided_at = decided_at - interval '25 hours'");
        await reader.SubmitAsync(page, "main form");
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        var again = await MailedLinkAsync();
        Assert.That(again, Is.Not.EqualTo(link));
        await reader.SubmitAsync(await reader.GetAsync(again), "main form");
        Assert.That(await database.ScalarAsync<string>("SELECT concat_ws('|', email, name) FROM subscriber"), Is.EqualTo("asa@gransele.example|Åsa Öst"));
    }

    [Test]
    public async Task An_unknown_link_is_told_in_plain_words()
    {
        using var reader = new PageReader(host.Url);

        var page = await reader.GetAsync("/bekrafta/" + ConfirmationToken.Create().Text);

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Gone));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Länken fungerar inte"));
    }

    [Test]
    public async Task New_subscribed_left_suppressed_and_repeated_addresses_get_the_same_answer()
    {
        await database.SubscriberAsync("active@gransele.example");
        await database.SubscriberAsync("left@gransele.example", status: SubscriberStatus.Unsubscribed);
        await database.SubscriberAsync("complained@gransele.example", status: SubscriberStatus.Complained);
        var answers = new List<string>();
        foreach (var who in new[] { "new", "active", "left", "complained", "new" })
        {
            using var reader = new PageReader(host.Url);
            var page = await SignUpAsync(reader, $"{who}@gransele.example");
            answers.Add($"{reader.Answer.StatusCode} {reader.Path} {page.Body!.TextContent}");
        }

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        await DecideAsync();
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,mailed,mailed,suppressed,too_soon"));
    }

    [Test]
    public async Task Whoever_left_comes_back_by_consent_and_a_complaint_is_not_undone_by_a_form()
    {
        var left = await database.SubscriberAsync("left@gransele.example", LegalBasis.Member, SubscriberStatus.Unsubscribed);
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "left@gransele.example", ("Form.Name", "Lo Vän"));
        var page = await reader.GetAsync(await MailedLinkAsync());
        await reader.SubmitAsync(page, "main form");

        Assert.That(await database.ScalarAsync<string>($"SELECT concat_ws('|', status, legal_basis, name) FROM subscriber WHERE id = {left}"),
            Is.EqualTo("active|consent|Lo Vän"));
    }

    [TestCase("Form.Email", "inte en adress", "email")]
    [TestCase("Form.Email", "", "email")]
    [TestCase("Form.Consent", null, "consent")]
    [TestCase("Form.Name", "rad\u0001", "name")]
    [TestCase("Form.Wording", "of-yesterday", "consent")]
    public async Task A_fault_is_named_beside_its_field_and_nothing_is_lost(string field, string? value, string id)
    {
        using var reader = new PageReader(host.Url);

        var page = await SignUpAsync(reader, "asa@gransele.example", ("Form.Municipality", "Gransele"), (field, value));

        Assert.That(page.GetElementById(id)!.GetAttribute("aria-invalid"), Is.EqualTo("true"));
        Assert.That(page.GetElementById(page.GetElementById(id)!.GetAttribute("aria-describedby")!)!.TextContent, Is.Not.Empty);
        Assert.That(page.QuerySelector($".status.error a[href='#{id}']"), Is.Not.Null);
        Assert.That(page.GetElementById("municipality")!.GetAttribute("value"), Is.EqualTo("Gransele"));
        Assert.That(await CountAsync("sign_up"), Is.Zero);
    }

    [Test]
    public async Task A_program_that_fills_in_everything_is_thanked_and_forgotten()
    {
        using var reader = new PageReader(host.Url);

        await SignUpAsync(reader, "asa@gransele.example", ("Form.Website", "https://spam.example"));

        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await CountAsync("sign_up"), Is.Zero);
    }

    [Test]
    public async Task A_form_sent_back_at_once_or_with_a_forged_stamp_is_shown_again()
    {
        await using var slow = await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:30"));
        using var reader = new PageReader(slow.Url);

        var page = await SignUpAsync(reader, "asa@gransele.example");
        Assert.That(page.QuerySelector(".status.warn"), Is.Not.Null);
        page = await SignUpAsync(reader, "asa@gransele.example", ("Form.Shown", "AAAA"));
        Assert.That(page.QuerySelector(".status.warn"), Is.Not.Null);
        Assert.That(await CountAsync("sign_up"), Is.Zero);

        await reader.SubmitAsync(page, "main form");
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"), "nobody is refused twice");
        Assert.That(await CountAsync("sign_up"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_form_without_its_token_is_refused()
    {
        using var reader = new PageReader(host.Url);

        var page = await reader.SendAsync(new(HttpMethod.Post, "/prenumerera")
        {
            Content = new FormUrlEncodedContent([new("_handler", "sign-up"), new("Form.Email", "asa@gransele.example"), new("Form.Consent", "true")]),
        });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Formuläret kunde inte tas emot"));
        Assert.That(await CountAsync("sign_up"), Is.Zero);
    }

    /// <summary>
    /// 2 × 200 posts in a random order, of people who subscribe and of addresses that nobody has: were one kind answered later, the medians of
    /// the two would be further apart than those of nearly all other ways to part the same 400 (a permutation test at 1 in 10,000).
    /// </summary>
    [Test]
    public async Task A_known_address_is_answered_as_soon_as_a_new_one()
    {
        await using var open = await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"),
            ("SignUp:PerNetworkAndHour", "1000"), ("SignUp:PerHour", "1000"));
        await database.ExecuteAsync(
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
        using var first = new PageReader(host.Url);
        var form = await first.GetAsync("/prenumerera");
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            await first.SubmitAsync(form, "main form", ("Form.Email", $"victim{i % 100}@gransele.example"), ("Form.Consent", "true"));
            if (first.Answer.StatusCode == HttpStatusCode.TooManyRequests) refused++;
        }

        while (await host.Get<SignUpDecisions>().DecideAsync(default)) { }
        Assert.That(await CountAsync("notice"), Is.EqualTo(30), "SignUp:PerNetworkAndHour");
        Assert.That(refused, Is.EqualTo(470));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM sign_up WHERE network IS NULL OR length(network) <> 32"), Is.Zero,
            "no bare network address");
    }

    [Test]
    public async Task One_address_gets_one_confirmation_a_day_and_three_a_month()
    {
        using var reader = new PageReader(host.Url);
        for (var day = 0; day < 6; day++)
        {
            await SignUpAsync(reader, "asa@gransele.example");
            await SignUpAsync(reader, "ASA@gransele.example");
            await DecideAsync();
            await database.ExecuteAsync(
                "UPDATE sign_up SET requested_at = requested_at - interval '25 hours', decided_at = decided_at - interval '25 hours'");
        }

        Assert.That(await CountAsync("notice"), Is.EqualTo(3));
    }

    [Test]
    public async Task What_stands_behind_a_plus_makes_no_other_mailbox()
    {
        using var reader = new PageReader(host.Url);
        foreach (var address in new[] { "asa+ett@gransele.example", "asa@gransele.example", "Asa+tva+tre@gransele.example",
            "asa+ett@moviken.example", "+asa@gransele.example" })
            await SignUpAsync(reader, address);
        await DecideAsync();

        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,too_soon,too_soon,mailed,mailed"));
    }

    [Test]
    public async Task One_domain_gets_no_more_than_its_share_of_confirmations_a_day()
    {
        await using var narrow =
            await TestHost.StartAsync(database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerDomainAndDay", "2"));
        using var reader = new PageReader(narrow.Url);
        foreach (var address in new[] { "a@gransele.example", "b@gransele.example", "c@gransele.example", "d@moviken.example" })
            await SignUpAsync(reader, address);
        await narrow.Get<SignUpDecisions>().DecideAsync(default);

        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,mailed,too_many,mailed"));

        await database.ExecuteAsync("UPDATE sign_up SET decided_at = decided_at - interval '25 hours'");
        await SignUpAsync(reader, "e@gransele.example");
        await narrow.Get<SignUpDecisions>().DecideAsync(default);
        Assert.That(await database.ScalarAsync<string>("SELECT verdict FROM sign_up ORDER BY id DESC LIMIT 1"), Is.EqualTo("mailed"));
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> SignUpAsync(PageReader reader, string email, params (string, string?)[] values) =>
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", [("Form.Email", email), ("Form.Consent", "true"), .. values]);

    private Task DecideAsync() => host.Get<SignUpDecisions>().DecideAsync(default);

    private async Task<string> MailedLinkAsync()
    {
        await DecideAsync();
        var payload = await database.ScalarAsync<string>("SELECT payload FROM notice WHERE kind = 'confirmation' ORDER BY id DESC LIMIT 1");
        return new Uri(host.Get<IDataProtectionProvider>().CreateProtector("Notices.Link").Unprotect(payload)).AbsolutePath;
    }

    private Task<long> CountAsync(string table) => database.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
