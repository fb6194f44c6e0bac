using System.Text;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Notices;

/// <summary>Single mails, through the real worker and a scripted relay.</summary>
public sealed class NoticeTests : SendingFixture
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("SignUp:MinimumTime", "00:00:00")];

    [Test]
    public async Task A_confirmation_is_sent_once_as_an_automatic_mail_and_its_link_is_forgotten()
    {
        await SignUpAsync("asa@gransele.example", ("Form.Name", "Köp klockor på spam.example"));

        var message = (await MailsAsync(1))[0];
        await UntilAsync("accepted");

        var mail = ReceivedMail.Read(message.Bytes);
        Assert.Multiple(() =>
        {
            Assert.That(message.Recipient, Is.EqualTo("asa@gransele.example"));
            Assert.That(message.MailFrom, Does.StartWith("studs-").And.EndWith("@smakom.example"));
            Assert.That(mail.Headers["Auto-Submitted"], Is.EqualTo("auto-generated"));
            Assert.That(mail.Headers["Precedence"], Is.Null);
            Assert.That(mail.Headers["List-Unsubscribe"], Is.Null);
            Assert.That(mail.HtmlBody, Does.Contain("/bekrafta/"));
            Assert.That(mail.TextBody, Does.Contain("/bekrafta/"));
            Assert.That(Encoding.UTF8.GetString(message.Bytes) + mail.HtmlBody + mail.TextBody,
                Does.Not.Contain("spam.example").And.Not.Contain("Köp klockor"), "no user text");
        });
        Assert.That(await Database.ScalarAsync<bool>("SELECT payload IS NULL FROM notice"));
    }

    [Test]
    public async Task Leaving_by_one_click_sends_a_receipt_whose_link_undoes()
    {
        var kim = await Database.SubscriberAsync("kim@gransele.example");
        using var machine = new HttpClient { BaseAddress = new Uri(Host.Url) };
        await machine.PostAsync(Host.UnsubscribePath(kim), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

        var mail = ReceivedMail.Read((await MailsAsync(1))[0].Bytes);
        var link = System.Text.RegularExpressions.Regex.Match(mail.TextBody!, @"/avsluta/[\w-]+").Value;
        using var reader = new PageReader(Host.Url);
        await reader.SubmitAsync(await reader.GetAsync(link), ".status form", ("knapp", "angra"));

        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_limit_holds_for_notices_too_and_waiting_is_no_attempt()
    {
        await Database.ExecuteAsync("INSERT INTO rate_limit (destination_group, count, per) VALUES ('gransele.example', 1, '1 day')");
        await SignUpAsync("asa@gransele.example");
        await UntilAsync("accepted");
        await SignUpAsync("orjan@gransele.example");
        await Database.UntilAsync(
            "SELECT count(*) = 1 FROM notice WHERE state = 'waiting' AND lease_until IS NULL AND attempts = 0 AND next_attempt_at > now() + interval '30 seconds'");
        Assert.That(Relay.Messages, Has.Count.EqualTo(1));

        await Database.ExecuteAsync(
            "UPDATE rate_limit SET count = 2; UPDATE notice SET next_attempt_at = now() WHERE state = 'waiting'; NOTIFY mailer");
        await MailsAsync(2);
        await Database.UntilAsync("SELECT count(*) = 2 FROM notice WHERE state = 'accepted' AND attempts = 1");
    }

    [Test]
    public async Task A_receiver_that_says_too_fast_slows_notices_down_and_the_relay_is_well()
    {
        Relay.Options = Relay.Options with { Faults = [new(".", FakeRelayAct.Answer, Times: 1, Reply: "421 4.7.28 unusual rate")] };
        await SignUpAsync("asa@gransele.example");
        await Database.UntilAsync("SELECT count(*) = 1 FROM destination_state WHERE destination_group = 'gransele.example' AND paused_until > now()");
        await Database.UntilAsync("SELECT count(*) = 1 FROM notice WHERE state = 'waiting' AND lease_until IS NULL AND next_attempt_at > now()");
        Assert.That(await Database.ScalarAsync<bool>("SELECT failures = 0 FROM relay"));

        await Database.ExecuteAsync("UPDATE destination_state SET paused_until = now(); UPDATE notice SET next_attempt_at = now(); NOTIFY mailer");
        await UntilAsync("accepted");
    }

    [Test]
    public async Task A_refused_notice_is_final_and_keeps_the_servers_words()
    {
        await SignUpAsync("permfail1@gransele.example");
        await UntilAsync("refused");

        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws(' ', reply_code, reply_enhanced, payload) FROM notice"),
            Is.EqualTo("550 5.1.1"));
    }

    [Test]
    public async Task A_deferred_notice_is_tried_again_with_the_same_message_id()
    {
        Relay.Options = new() { Faults = [new(".", FakeRelayAct.Answer, Times: 1)] };
        await SignUpAsync("asa@gransele.example");
        await UntilAsync("accepted");

        Assert.That(await Database.ScalarAsync<int>("SELECT attempts FROM notice"), Is.EqualTo(2));
        Assert.That(ReceivedMail.Read(Relay.Messages[^1].Bytes).MessageId,
            Is.EqualTo(await Database.ScalarAsync<string>("SELECT replace(message_key::text, '-', '') || '@smakom.example' FROM notice")));
    }

    [Test]
    public async Task A_reply_lost_after_the_dot_is_unknown_and_not_sent_again()
    {
        await SignUpAsync("hangup-after-data1@gransele.example");
        await UntilAsync("unknown");
        await SignUpAsync("asa@gransele.example");
        await UntilAsync("accepted");

        Assert.That(Relay.Messages, Has.Count.EqualTo(2));
    }

    [TestCase("sending")]
    [TestCase("accepted")]
    public async Task A_notice_in_whose_middle_the_database_failed_goes_on_when_it_is_back(string state)
    {
        await Database.ExecuteAsync(
            $"""
            CREATE SEQUENCE failures;
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                $$BEGIN IF nextval('failures') <= 2 THEN RAISE 'going down' USING ERRCODE = '57P01'; END IF; RETURN NEW; END$$;
            CREATE TRIGGER fail BEFORE UPDATE ON notice FOR EACH ROW WHEN (NEW.state = '{state}') EXECUTE FUNCTION fail();
            """);
        await SignUpAsync("asa@gransele.example");
        await UntilAsync("accepted");

        Assert.That(await Database.ScalarAsync<long>("SELECT last_value FROM failures"), Is.EqualTo(3));
        Assert.That(await Database.ScalarAsync<int>("SELECT attempts FROM notice"), Is.EqualTo(1));
        Assert.That(Relay.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_notice_of_a_worker_that_died_after_the_intent_is_unknown_and_one_before_it_is_sent()
    {
        await Host.DisposeAsync();
        await Database.ExecuteAsync(
            """
            INSERT INTO notice (kind, email, language, payload, state, created_at, next_attempt_at, lease_until)
            VALUES ('confirmation', 'a@gransele.example', 'sv', 'x', 'sending', now(), now(), now() - interval '1 minute')
            """);
        Host = await TestHost.StartAsync(Database, [.. Given.Relay(Relay)]);

        await UntilAsync("unknown");
        Assert.That(Relay.Messages, Is.Empty);
    }

    [Test]
    public async Task Mail_waits_while_the_relay_is_away()
    {
        Relay.Options = new() { Faults = [new("EHLO", FakeRelayAct.Answer, Reply: "421 4.3.2 away")] };
        await SignUpAsync("asa@gransele.example");
        await Database.UntilAsync("SELECT failures > 0 FROM relay");

        Assert.That(await Database.ScalarAsync<string>("SELECT state FROM notice"), Is.EqualTo("waiting"));
    }

    private async Task SignUpAsync(string email, params (string, string?)[] values)
    {
        using var reader = new PageReader(Host.Url);
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", [("Form.Email", email), ("Form.Consent", "true"), .. values]);
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
    }

    private async Task<IReadOnlyList<FakeRelayMessage>> MailsAsync(int count)
    {
        await Relay.WaitFor(count);
        return Relay.Messages;
    }

    private Task UntilAsync(string state) => Database.UntilAsync($"SELECT EXISTS (SELECT FROM notice WHERE state = '{state}')");
}
