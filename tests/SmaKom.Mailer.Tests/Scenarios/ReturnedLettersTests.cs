using System.Text;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>An issue goes out, and what comes back of it is collected, read and acted on, the whole way; each person in a domain of their own.</summary>
public sealed class ReturnedLettersTests : SendingFixture
{
    private int keys;

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Sender:UnsubscribeMailbox", "avsluta@smakom.example"), ("SignUp:MinimumTime", "00:00:00"), StaffSite.SampleLoginAllowed];

    [Test]
    public async Task What_comes_back_of_an_issue_is_acted_on_by_what_it_says_and_by_whose_letter_it_was()
    {
        var people = new Dictionary<string, long>();
        foreach (var name in new[] { "anna", "bo", "cai", "dan", "eva", "fia", "gun", "hed" })
            people[name] = await Database.SubscriberAsync($"{name}@{name}.example");
        Relay.Options = Relay.Options with { Faults = [new("RCPT", FakeRelayAct.Answer, Skip: 1, Times: 1, Reply: "550 5.1.1 no such user here")] };
        var issue = await Database.IssueAsync(queued: true);
        await Host.PlanAsync();
        await Database.UntilSettledAsync(issue);
        var refused = people.Single(person => Relay.Messages.All(message => message.Recipient != $"{person.Key}@{person.Key}.example")).Key;
        string[] taken = [.. people.Keys.Where(name => name != refused)];
        var (dead, spam, leaves, gone, forged, late, full) = (taken[0], taken[1], taken[2], taken[3], taken[4], taken[5], taken[6]);
        await Database.ExecuteAsync($"UPDATE delivery SET last_attempt_at = now() - interval '31 days' WHERE subscriber_id = {people[late]}");

        await StoreAsync(Dsn(dead, "5.1.1", "550 5.1.1 User unknown"));
        await StoreAsync(Dsn(dead, "5.1.1", "550 5.1.1 User unknown"), sentTo: PathOf(dead));
        await StoreAsync(Complaint(spam));
        await StoreAsync(Mail($"From: {leaves}@{leaves}.example", "avsluta@smakom.example", TokenOf(leaves), "Hej då."));
        await StoreAsync(Mail($"From: {gone}@{gone}.example\nAuto-Submitted: auto-replied", PathOf(gone), "Autosvar", "Jag har slutat på kommunen."));
        await StoreAsync(Dsn(forged, "5.1.1", "550 5.1.1 User unknown").Replace(PathOf(forged), $"studs-{new string('a', 53)}@smakom.example"));
        await StoreAsync(Dsn(late, "5.1.1", "550 5.1.1 User unknown"));
        await StoreAsync(Dsn(full, "5.2.2", "552 5.2.2 Mailbox full"));
        await StoreAsync(string.Concat(Enumerable.Range(0, 40).Select(i => $"Content-Type: multipart/mixed; boundary=\"b{i}\"\n\n--b{i}\n")));

        await Database.UntilAsync("SELECT NOT EXISTS (SELECT FROM incoming_mail WHERE state = 'waiting') AND NOT EXISTS (SELECT FROM refusal_to_read)");
        foreach (var (name, status) in new[] { (refused, "bounced"), (dead, "bounced"), (spam, "complained"), (leaves, "unsubscribed"),
            (gone, "active"), (forged, "active"), (late, "active"), (full, "active") })
            Assert.That(await Database.StatusAsync(people[name]), Is.EqualTo(status), name);
        Assert.That(await ListAsync("SELECT kind || ' ' || subscriber_id FROM staff_task"), Is.EquivalentTo(
            [$"address_gone {people[refused]}", $"address_gone {people[dead]}", $"has_left {people[gone]}"]));
        Assert.That(await ListAsync("SELECT state || ' ' || COALESCE(problem, '') FROM incoming_mail WHERE state <> 'read'"), Is.EquivalentTo(
            ["unclear forged", "unclear old", "poison unreadable"]));
        Assert.That(await Database.ScalarAsync<long>($"SELECT count(*) FROM subscriber_event WHERE subscriber_id = {people[dead]}"), Is.EqualTo(1));

        var next = await Database.IssueAsync("2026-12", queued: true);
        await Host.PlanAsync();
        Assert.That((await Database.UntilSettledAsync(next)).Accepted, Is.EqualTo(4));
        await Host.AddSampleLoginAsync();
        using var staff = new PageReader(Host.Url);
        await staff.LogInAsync();
        Assert.That((await staff.GetAsync($"/admin/mottagare/{people[dead]}")).Body!.TextContent,
            Does.Contain("Brevet kom tillbaka: adressen finns inte.").And.Contain("User unknown").And.Contain("kom tillbaka"));
    }

    [Test]
    public async Task A_confirmation_that_comes_back_is_told_with_the_sign_up()
    {
        using var reader = new PageReader(Host.Url);
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "ny@borta.example"), ("Form.Consent", "true"));
        await Relay.WaitFor(1);
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM notice WHERE state = 'accepted')");
        var path = Relay.Messages[0].MailFrom;

        await StoreAsync(Report("ny@borta.example", path, "5.1.1", "550 5.1.1 User unknown", Relay.Messages[0].Text));

        await Database.UntilAsync("SELECT state = 'refused' AND reply_enhanced = '5.1.1' FROM notice");
    }

    private Task StoreAsync(string mail, string? sentTo = null)
    {
        var bytes = Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"));
        return Host.Get<IncomingMails>().StoreAsync(new("test", $"{++keys}", "mail", sentTo, bytes.Length, bytes), default);
    }

    private string PathOf(string name) => Message(name).MailFrom;
    private FakeRelayMessage Message(string name) => Relay.Messages.First(message => message.Recipient == $"{name}@{name}.example");

    private string TokenOf(string name)
    {
        var header = ReceivedMail.Read(Message(name).Bytes).Headers["List-Unsubscribe"]!;
        return header.Substring(header.IndexOf("?subject=", StringComparison.Ordinal) + "?subject=".Length).Split('>')[0];
    }

    private string Dsn(string name, string status, string said) => Report($"{name}@{name}.example", PathOf(name), status, said, Message(name).Text);

    private static string Report(string recipient, string path, string status, string said, string letter) =>
        $"""
        From: MAILER-DAEMON@relay.example.org
        To: {path}
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="r1"

        --r1
        Content-Type: text/plain

        Your letter could not be delivered: {said}

        --r1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example.org

        Final-Recipient: rfc822; {recipient}
        Action: failed
        Status: {status}
        Diagnostic-Code: smtp; {said}

        --r1
        Content-Type: text/rfc822-headers

        {letter.Split("\r\n\r\n")[0]}

        --r1--
        """;

    private string Complaint(string name) =>
        $"""
        From: feedback@receiver.example
        To: abuse@smakom.example
        Subject: FW: complaint
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="r1"

        --r1
        Content-Type: text/plain

        This is an abuse report.

        --r1
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Receiver/1.0
        Version: 1

        --r1
        Content-Type: message/rfc822

        {Message(name).Text}

        --r1--
        """;

    private static string Mail(string head, string to, string subject, string text) =>
        $"""
        {head}
        To: {to}
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        {text}
        """;

    private async Task<string[]> ListAsync(string sql) => await Database.ScalarAsync<string[]>($"SELECT COALESCE(array_agg(x), '{{}}') FROM ({sql}) AS t (x)");
}
