using Npgsql;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Bounces.Signals;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>What follows from a signal: for the person, for their domain, for the issue, for staff. Each test has people and issues of its own.</summary>
public sealed class ConsequencesTests : SiteFixture
{
    private static int domains;
    private static long attempts;

    [Test]
    public async Task A_dead_address_is_stopped_once_and_staff_get_a_task_that_leads_out()
    {
        var domain = Domain();
        var anna = await Database.SubscriberAsync($"anna@{domain}");
        var issue = await SentAsync("2026-01-a", anna);

        await SignalAsync(anna, issue, BounceClass.Hard, "<anna@example.org>: no such user");
        await SignalAsync(anna, issue, BounceClass.Hard);

        Assert.That(await Database.StatusAsync(anna), Is.EqualTo("bounced"));
        Assert.That(await KindsAsync(anna), Is.EqualTo("bounced"));
        Assert.That(await Database.ScalarAsync<string>($"SELECT words FROM return_signal WHERE subscriber_id = {anna} ORDER BY id LIMIT 1"),
            Is.EqualTo("<(address)>: no such user"));
        using var staff = new PageReader(Host.Url);
        await staff.LogInAsync();
        var page = await staff.GetAsync("/redaktion/att-gora");
        var task = page.QuerySelectorAll("li.card").Single(card => card.TextContent.Contains(domain));
        Assert.That(task.TextContent, Does.Contain("Adressen finns inte längre, sedan").And.Contain("no such user"));

        var form = $"#{task.Id} form[action$=adress]";
        page = await staff.SubmitAsync(page, form, ("adress", "inget"));
        Assert.That(page.QuerySelector($"#{task.Id} [role=alert]")?.TextContent ?? page.Body!.TextContent, Does.Contain("ingen e-postadress"));
        page = await staff.SubmitAsync(page, $"#{task.Id} form[action$=forsok]");
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("från nästa nummer"));
        Assert.That(page.QuerySelector($"#{task.Id}"), Is.Null);
        Assert.That((await Database.StatusAsync(anna), await KindsAsync(anna)), Is.EqualTo(("active", "bounced,bounce_retried")));
        Assert.That(await Database.ScalarAsync<string>($"SELECT what FROM admin_action WHERE target = '#{anna}'"), Is.EqualTo("subscribers.retry"));
    }

    [Test]
    public async Task A_new_address_is_asked_and_nothing_changes_before_it_answers()
    {
        var domain = Domain();
        var anna = await Database.SubscriberAsync($"anna@{domain}");
        await SignalAsync(anna, await SentAsync("2026-01-b", anna), BounceClass.Hard);
        using var staff = new PageReader(Host.Url);
        await staff.LogInAsync();
        var page = await staff.GetAsync("/redaktion/att-gora");
        var id = page.QuerySelectorAll("li.card").Single(card => card.TextContent.Contains(domain)).Id;

        page = await staff.SubmitAsync(page, $"#{id} form[action$=adress]", ("adress", $"anna.ny@{domain}"));

        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("skickad till den nya adressen"));
        Assert.That(await Database.ScalarAsync<long>($"SELECT count(*) FROM notice WHERE kind = 'address_confirmation' AND email = 'anna.ny@{domain}'"),
            Is.EqualTo(1));
        Assert.That(await Database.StatusAsync(anna), Is.EqualTo("bounced"));
    }

    [Test]
    public async Task Months_of_full_mailboxes_stop_and_a_month_that_arrived_forgives()
    {
        var domain = Domain();
        var (full, away) = (await Database.SubscriberAsync($"full@{domain}"), await Database.SubscriberAsync($"away@{domain}"));
        foreach (var (slug, days) in new[] { ("2025-01-c", 120), ("2025-02-c", 90), ("2025-03-c", 60), ("2025-04-c", 30) })
        {
            // Two more of the domain get theirs: it is not the domain.
            var issue = await SentAsync(slug, days, full, away, await Database.SubscriberAsync($"x{days}@{domain}"), await Database.SubscriberAsync($"y{days}@{domain}"));
            await SignalAsync(full, issue, BounceClass.Soft, daysAgo: days);
            if (days != 60) await SignalAsync(away, issue, BounceClass.Soft, daysAgo: days);
        }

        Assert.That((await Database.StatusAsync(full), await Database.StatusAsync(away)), Is.EqualTo(("bounced", "active")));
        Assert.That(await Database.ScalarAsync<string>($"SELECT kind FROM staff_task WHERE subscriber_id = {full}"), Is.EqualTo("mailbox_troubled"));
    }

    [Test]
    public async Task A_domain_that_is_away_stops_nobody_and_brings_back_who_was_stopped_before_it_was_clear()
    {
        var domain = Domain();
        var people = new List<long>();
        for (var i = 0; i < 5; i++) people.Add(await Database.SubscriberAsync($"p{i}@{domain}"));
        var issue = await SentAsync("2026-01-d", [.. people]);

        await SignalAsync(people[0], issue, BounceClass.Hard);
        await SignalAsync(people[1], issue, BounceClass.Hard);
        Assert.That(await Database.StatusAsync(people[0]), Is.EqualTo("bounced"), "two are two people");
        await SignalAsync(people[2], issue, BounceClass.Hard);
        await SignalAsync(people[3], issue, BounceClass.Hard);

        foreach (var person in people) Assert.That(await Database.StatusAsync(person), Is.EqualTo("active"));
        Assert.That(await KindsAsync(people[0]), Is.EqualTo("bounced,bounce_undone"));
        Assert.That(await Database.ScalarAsync<string>(
            $"SELECT string_agg(kind, ',') FROM staff_task WHERE done_at IS NULL AND (domain = '{domain}' OR subscriber_id = ANY('{{{string.Join(',', people)}}}'))"),
            Is.EqualTo("domain_away"));
        var next = await SentAsync("2026-02-d", [.. people]);
        await SignalAsync(people[0], next, BounceClass.Ambiguous);
        Assert.That(await Database.StatusAsync(people[0]), Is.EqualTo("active"), "what was the domain's does not count");
    }

    [Test]
    public async Task An_unknown_host_is_the_domains_by_itself()
    {
        var anna = await Database.SubscriberAsync($"anna@{Domain()}");
        await SignalAsync(anna, await SentAsync("2026-01-e", anna), BounceClass.Hard, ofDomain: true);

        Assert.That(await Database.StatusAsync(anna), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_complaint_is_for_good_and_an_import_or_a_sign_up_brings_nobody_back()
    {
        var address = $"kim@{Domain()}";
        var kim = await Database.SubscriberAsync(address);
        await SignalAsync(kim, await SentAsync("2026-01-f", kim), BounceClass.Complaint);

        Assert.That((await Database.StatusAsync(kim), await KindsAsync(kim)), Is.EqualTo(("complained", "complained")));
        var fate = await Host.Get<SubscriberImport>().AddAsync(new(1, EmailAddress.Parse(address), null, null, null, null, ""),
            new(LegalBasis.Member, "x", Given.Editor, SubscriberEventKind.AddedByStaff), default);
        Assert.That(fate, Is.EqualTo(ImportOutcome.Suppressed));
        await Host.Get<Erasures>().EraseAsync(EmailAddress.Parse(address), Given.Editor, default);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM suppression WHERE reason = 'complained'"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_issue_that_is_called_spam_or_went_to_an_old_list_is_paused_once()
    {
        var domain = Domain();
        var people = new List<long>();
        for (var i = 0; i < 40; i++) people.Add(await Database.SubscriberAsync($"p{i}@{i}.{domain}"));
        var issue = await SentAsync("2026-01-g", [.. people]);
        await Database.ExecuteAsync($"UPDATE issue SET state = 'sending' WHERE id = {issue}");

        await SignalAsync(people[0], issue, BounceClass.Complaint);
        await SignalAsync(people[1], issue, BounceClass.Complaint);
        Assert.That(await CauseAsync(issue), Is.EqualTo("complaints"));
        await Database.ExecuteAsync($"UPDATE issue SET state = 'sending' WHERE id = {issue}");
        await SignalAsync(people[2], issue, BounceClass.Complaint);
        Assert.That(await CauseAsync(issue), Is.Null, "whoever resumed it has decided");
        for (var i = 10; i < 20; i++) await SignalAsync(people[i], issue, BounceClass.Hard);
        Assert.That(await CauseAsync(issue), Is.EqualTo("addresses"));
        Assert.That(await Database.ScalarAsync<long>($"SELECT count(*) FROM staff_task WHERE kind = 'old_list' AND issue_id = {issue}"), Is.EqualTo(1));
    }

    [Test]
    public async Task Of_people_whom_relays_refused_one_is_locked_at_a_time()
    {
        var domain = Domain();
        var (first, second) = (await Database.SubscriberAsync($"a@a.{domain}"), await Database.SubscriberAsync($"b@b.{domain}"));
        var issue = await SentAsync("2026-01-h", first, second);
        await Database.ExecuteAsync(
            $"""
            INSERT INTO delivery_attempt (id, delivery_id, at, outcome, stage, reply_code, reply_enhanced, reply_text) OVERRIDING SYSTEM VALUE
            SELECT 1000000 - subscriber_id, id, now(), 'refused', 'RCPT TO', 550, '5.1.1', 'no such user'
            FROM delivery
            WHERE issue_id = {issue}
            """);
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"UPDATE subscriber SET name = 'x' WHERE id = {first}", connection)) await hold.ExecuteNonQueryAsync();

        // The second one's comes first, and must not wait for what holds the first.
        var reading = Task.Run(async () =>
        {
            while (await Host.Get<RefusalReader>().ReadOneAsync(default)) { }
        });
        await Database.UntilAsync($"SELECT status = 'bounced' FROM subscriber WHERE id = {second}", TimeSpan.FromMinutes(1));
        await using (var other = new NpgsqlCommand($"UPDATE subscriber SET name = 'x' WHERE id = {second}", connection)) await other.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await reading;

        Assert.That(await Database.StatusAsync(first), Is.EqualTo("bounced"));
    }

    private async Task<string?> CauseAsync(int issue) => await Database.ScalarAsync<object>(
        $"SELECT (SELECT b.cause FROM issue_brake AS b JOIN issue AS i ON i.id = b.issue_id AND i.state = 'paused' WHERE b.issue_id = {issue} AND b.released_at IS NULL)") as string;

    private Task<string> KindsAsync(long subscriber) =>
        Database.ScalarAsync<string>($"SELECT string_agg(kind, ',' ORDER BY id) FROM subscriber_event WHERE subscriber_id = {subscriber}");

    private Task<int> SentAsync(string slug, params long[] people) => SentAsync(slug, 0, people);

    private async Task<int> SentAsync(string slug, int daysAgo, params long[] people)
    {
        var issue = await Database.IssueAsync(slug);
        await Database.ExecuteAsync(
            $"""
            UPDATE issue SET state = 'sent', started_at = now() - interval '{daysAgo} days', finished_at = now() WHERE id = {issue};
            INSERT INTO delivery (issue_id, subscriber_id, variant, state, attempts, last_attempt_at, finished_at, email, domain)
            SELECT {issue}, id, 0, 'accepted', 1, now() - interval '{daysAgo} days', now() - interval '{daysAgo} days', email, domain
            FROM subscriber
            WHERE id = ANY('{$"{{{string.Join(',', people)}}}"}')
            """);
        return issue;
    }

    private async Task SignalAsync(long who, int issue, BounceClass said, string words = "", bool ofDomain = false, int daysAgo = 0)
    {
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Host.Get<SignalRecorder>().RecordAsync(connection, new(who, issue, Host.Get<DatabaseClock>().GetUtcNow().AddDays(-daysAgo).AddMinutes(1),
            new(null, said, said == BounceClass.Hard ? new EnhancedCode(5, 1, 1) : null, 550, words, ofDomain, "test"))
        { AttemptId = Interlocked.Increment(ref attempts) }, default);
        await transaction.CommitAsync();
    }

    private static string Domain() => $"kommun{Interlocked.Increment(ref domains)}.example";
}
