using System.Net;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>From the form to the subscriber, with the proof of consent.</summary>
public sealed class SignUpTests : SignUpFixture
{
    [Test]
    public async Task The_form_the_mail_and_the_button_make_a_subscriber_with_proof_of_consent()
    {
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "Asa@Gransele.example", ("Form.Name", "Åsa Öst"), ("Form.Municipality", "Gransele"));
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await CountAsync("subscriber"), Is.Zero, "nobody is one before the mailbox has confirmed");

        var page = await reader.GetAsync(await MailedLinkAsync());
        Assert.That(await CountAsync("subscriber"), Is.Zero, "looking changes nothing");
        page = await reader.SubmitAsync(page, "main form");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Välkommen!"));
        Assert.That(await Database.ScalarAsync<string>(
            "SELECT concat_ws('|', email, email_key, domain, name, municipality, status, legal_basis) FROM subscriber"),
            Is.EqualTo("Asa@Gransele.example|asa@gransele.example|gransele.example|Åsa Öst|Gransele|active|consent"));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(kind, ',' ORDER BY id) FROM subscriber_event"),
            Is.EqualTo("signed_up,confirmed"));
        Assert.That(await Database.ScalarAsync<string>("SELECT detail::text FROM subscriber_event WHERE kind = 'signed_up'"),
            Does.Contain("Jag vill få nyhetsbrevet från SmåKom till den här e-postadressen.").And.Contain("\"version\": \"2\"")
                .And.Contain("/prenumerera"));
    }

    [Test]
    public async Task A_second_press_confirms_nothing_twice()
    {
        using var reader = new PageReader(Host.Url);
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
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "asa@gransele.example");
        var token = (await MailedLinkAsync()).Split('/')[^1];

        Assert.That(token, Has.Length.GreaterThanOrEqualTo(22), "128 bits");
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT bool_or(s::text LIKE '%' || @t || '%') FROM (SELECT s::text FROM sign_up s UNION ALL SELECT n::text FROM notice n) s",
            new Npgsql.NpgsqlParameter("t", token)), Is.False);
    }

    [Test]
    public async Task An_expired_link_says_so_and_a_new_one_is_one_press_away()
    {
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "asa@gransele.example", ("Form.Name", "Åsa Öst"));
        var link = await MailedLinkAsync();
        var page = await reader.GetAsync(link);
        await Database.ExecuteAsync("UPDATE sign_up SET expires_at = requested_at - interval '1 second'");

        page = await reader.SubmitAsync(page, "main form");

        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Länken har slutat gälla"));
        Assert.That(await CountAsync("subscriber"), Is.Zero);

        await Database.ExecuteAsync("UPDATE sign_up SET decided_at = decided_at - interval '25 hours'");
        await reader.SubmitAsync(page, "main form");
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        var again = await MailedLinkAsync();
        Assert.That(again, Is.Not.EqualTo(link));
        await reader.SubmitAsync(await reader.GetAsync(again), "main form");
        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws('|', email, name) FROM subscriber"), Is.EqualTo("asa@gransele.example|Åsa Öst"));
    }

    [Test]
    public async Task An_unknown_link_is_told_in_plain_words()
    {
        using var reader = new PageReader(Host.Url);

        var page = await reader.GetAsync("/bekrafta/" + ConfirmationToken.Create().Text);

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Gone));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Länken fungerar inte"));
    }

    [Test]
    public async Task New_subscribed_left_suppressed_and_repeated_addresses_get_the_same_answer()
    {
        await Database.SubscriberAsync("active@gransele.example");
        await Database.SubscriberAsync("left@gransele.example", status: SubscriberStatus.Unsubscribed);
        await Database.SubscriberAsync("complained@gransele.example", status: SubscriberStatus.Complained);
        var answers = new List<string>();
        foreach (var who in new[] { "new", "active", "left", "complained", "new" })
        {
            using var reader = new PageReader(Host.Url);
            var page = await SignUpAsync(reader, $"{who}@gransele.example");
            answers.Add($"{reader.Answer.StatusCode} {reader.Path} {page.Body!.TextContent}");
        }

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        await DecideAsync();
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM sign_up"),
            Is.EqualTo("mailed,mailed,mailed,suppressed,too_soon"));
    }

    [Test]
    public async Task Whoever_left_comes_back_by_consent_and_a_complaint_is_not_undone_by_a_form()
    {
        var left = await Database.SubscriberAsync("left@gransele.example", LegalBasis.Member, SubscriberStatus.Unsubscribed);
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "left@gransele.example", ("Form.Name", "Lo Vän"));
        var page = await reader.GetAsync(await MailedLinkAsync());
        await reader.SubmitAsync(page, "main form");

        Assert.That(await Database.ScalarAsync<string>($"SELECT concat_ws('|', status, legal_basis, name) FROM subscriber WHERE id = {left}"),
            Is.EqualTo("active|consent|Lo Vän"));
    }

    [TestCase("Form.Email", "inte en adress", "email")]
    [TestCase("Form.Email", "", "email")]
    [TestCase("Form.Consent", null, "consent")]
    [TestCase("Form.Name", "rad\u0001", "name")]
    [TestCase("Form.Wording", "of-yesterday", "consent")]
    public async Task A_fault_is_named_beside_its_field_and_nothing_is_lost(string field, string? value, string id)
    {
        using var reader = new PageReader(Host.Url);

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
        using var reader = new PageReader(Host.Url);

        await SignUpAsync(reader, "asa@gransele.example", ("Form.Website", "https://spam.example"));

        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
        Assert.That(await CountAsync("sign_up"), Is.Zero);
    }

    [Test]
    public async Task A_form_sent_back_at_once_or_with_a_forged_stamp_is_shown_again()
    {
        await using var slow = await TestHost.StartAsync(Database, ("Roles", "web"), ("SignUp:MinimumTime", "00:00:30"));
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
        using var reader = new PageReader(Host.Url);

        var page = await reader.SendAsync(new(HttpMethod.Post, "/prenumerera")
        {
            Content = new FormUrlEncodedContent([new("_handler", "sign-up"), new("Form.Email", "asa@gransele.example"), new("Form.Consent", "true")]),
        });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Formuläret kunde inte tas emot"));
        Assert.That(await CountAsync("sign_up"), Is.Zero);
    }
}
