using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.Halts;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Audit;

/// <summary>Who did what: a command and its row in the log stand together or not at all.</summary>
[TestFixture]
public sealed class AuditLogTests
{
    /// <summary>Everything that a command may change, in one value.</summary>
    private const string Everything =
        """
        SELECT concat(
            (SELECT json_agg(i) FROM (SELECT id, state, scheduled_at, job_id, slug, content, deleted_at, lists FROM issue ORDER BY id) AS i),
            (SELECT count(*) FROM issue_revision), (SELECT count(*) FROM issue_part), (SELECT count(*) FROM notice),
            (SELECT json_agg(r) FROM (SELECT name, host FROM relay ORDER BY name) AS r),
            (SELECT json_agg(l) FROM (SELECT id, count FROM rate_limit ORDER BY id) AS l),
            (SELECT json_agg(h) FROM halt AS h), (SELECT json_agg(n) FROM (SELECT state, halt_id FROM notice) AS n),
            (SELECT json_agg(p) FROM job_pause AS p), (SELECT count(*) FROM subscriber),
            (SELECT json_agg(name ORDER BY id) FROM person), (SELECT json_agg(l ORDER BY id) FROM mailing_list AS l),
            (SELECT json_agg(concat(user_name, password_hash) ORDER BY id) FROM staff_member),
            (SELECT json_agg(r ORDER BY user_id, role_id) FROM staff_member_role AS r))
        """;

    private TestDatabase database = null!;
    private TestHost host = null!;
    private int issue;

    private DraftCommands Parts => host.Get<DraftCommands>();
    private IssueDrafts Drafts => host.Get<IssueDrafts>();
    private IssueCommands Issues => host.Get<IssueCommands>();

    [SetUp]
    public async Task SetUp()
    {
        database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        await database.RelayAsync();
        issue = await database.IssueAsync("2026-12");
        host = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await host.AddSampleLoginAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Each command with what makes it possible, its name in the log and what it was done to.</summary>
    public static IEnumerable<TestCaseData> Commands()
    {
        yield return Case("issue.queue", "2026-12", "", t => t.Issues.QueueAsync(t.issue, null, Given.Editor, default));
        yield return Case("issue.queue-untested", "2026-12", "DELETE FROM notice",
            t => t.Issues.QueueAsync(t.issue, null, Actor.Staff(Given.Editor.Name, administers: true), withoutTestLetter: true, default));
        yield return Case("issue.take-back", "2026-12", "UPDATE issue SET state = 'queued'",
            t => t.Issues.TakeBackAsync(t.issue, Given.Editor, default));
        yield return Case("issue.pause", "2026-12", "UPDATE issue SET state = 'sending'", t => t.Issues.PauseAsync(t.issue, Given.Editor, default));
        yield return Case("issue.resume", "2026-12", "UPDATE issue SET state = 'paused'", t => t.Issues.ResumeAsync(t.issue, Given.Editor, default));
        yield return Case("issue.cancel", "2026-12", "UPDATE issue SET state = 'paused'", t => t.Issues.CancelAsync(t.issue, Given.Editor, default));
        yield return Case("halt.go-on", "2026-12", Halted, t => t.host.Get<HaltCommands>().GoOnAsync(t.issue, Given.Editor, default));
        yield return Case("halt.unknown", "2026-12", Halted, t => t.host.Get<HaltCommands>().TreatAsUnknownAsync(t.issue, Given.Editor, default));
        yield return Case("issue.cancel", "2026-12", Halted, t => t.Issues.CancelAsync(t.issue, Given.Editor, default));
        yield return Case("halt.notices-sent", "1", HaltedNotice, t => t.host.Get<HaltCommands>().SendNoticesAsync(Given.Editor, default));
        yield return Case("halt.notices-unknown", "1", HaltedNotice, t => t.host.Get<HaltCommands>().DropNoticesAsync(Given.Editor, default));
        yield return Case("issue.create", "2126-12", "", t => t.Drafts.CreateAsync(NewIssueFrom.Skeleton, null, (2126, 12), Given.Editor, default));
        yield return Case("issue.edit", "2026-12", "",
            t => t.Parts.SaveAsync(t.issue, "a1b1", 0, new Dictionary<string, string> { ["body"] = "Nytt" }, Given.Editor, default));
        yield return Case("issue.add", "2026-12", "", t => t.Parts.AddSectionAsync(t.issue, "På gång", Given.Editor, default));
        yield return Case("issue.duplicate", "2026-12", "", t => t.Parts.DuplicateAsync(t.issue, "a1b1", Given.Editor, default));
        yield return Case("issue.move", "2026-12", SecondSection, t => t.Parts.MoveAsync(t.issue, "a1", 1, Given.Editor, default));
        yield return Case("issue.remove", "2026-12", "", t => t.Parts.RemoveAsync(t.issue, "a1", Given.Editor, default));
        yield return Case("issue.put-back", "2026-12", WithHistory, t => t.Parts.PutBackAsync(t.issue, "gone", Given.Editor, default));
        yield return Case("issue.restore", "2026-12", WithHistory, t => t.Parts.RestoreAsync(t.issue, 1, Given.Editor, default));
        yield return Case("issue.month", "2026-12", "", t => t.Drafts.MoveToMonthAsync(t.issue, 2127, 1, Given.Editor, default));
        yield return Case("issue.delete", "2026-12", "", t => t.Drafts.DeleteAsync(t.issue, Given.Editor, default));
        yield return Case("issue.bring-back", "2026-12", "UPDATE issue SET deleted_at = now(), deleted_by = 'x', slug = '2026-12-x1'",
            t => t.Drafts.BringBackAsync(t.issue, Given.Editor, default));
        yield return Case("issue.test", "2026-12", "", t => t.host.Get<TestLetters>().SendAsync(t.issue, "red@example.org", Given.Editor, default));
        yield return Case("person.add", "Karin", "", t => t.host.Get<PeopleCommands>().AddAsync(KarinCard, Given.Editor, default));
        yield return Case("person.add", "Karin", "", t => t.host.Get<PeopleCommands>().KeepAsync(KarinCard, "", Given.Editor, default));
        yield return Case("person.change", "Karin", AddPerson, async t =>
        {
            var people = t.host.Get<PeopleCommands>();
            await people.ChangeAsync(1, (await people.FindAsync(1, default))!.Version, KarinCard, Given.Editor, default);
        });
        yield return Case("person.remove", "Kajsa", AddPerson, t => t.host.Get<PeopleCommands>().RemoveAsync(1, Given.Editor, default));
        yield return Case("person.bring-back", "Kajsa", $"{AddPerson}; UPDATE person SET removed_at = now()",
            t => t.host.Get<PeopleCommands>().BringBackAsync(1, Given.Editor, default));
        yield return Case("relay.add", "reserv", "", t => t.host.Get<RelayCommands>().AddAsync(Reserve, Given.Editor, default));
        yield return Case("relay.change", "reserv: –@a.example:25 None → –@b.example:25 None", AddRelay,
            t => t.host.Get<RelayCommands>().ChangeAsync(7, relay => relay.Host = "b.example", Given.Editor, default));
        yield return Case("relay.remove", "reserv", AddRelay, t => t.host.Get<RelayCommands>().RemoveAsync(7, Given.Editor, default));
        yield return Case("limit.set", "1: 10/01:00:00", "",
            t => t.host.Get<RateLimits>().SetAsync(null, null, 10, TimeSpan.FromHours(1), null, Given.Editor, default));
        yield return Case("limit.change", "1: 20", AddLimit, t => t.host.Get<RateLimits>().ChangeAsync(1, 20, Given.Editor, default));
        yield return Case("limit.remove", "1", AddLimit, t => t.host.Get<RateLimits>().RemoveAsync(1, Given.Editor, default));
        yield return Case("job.pause", "ForgetRuns", "", t => t.host.Get<JobPauses>().PauseAsync("ForgetRuns", Given.Editor, default));
        yield return Case("job.resume", "ForgetRuns", "INSERT INTO job_pause VALUES ('ForgetRuns', now(), 'x')",
            t => t.host.Get<JobPauses>().ResumeAsync("ForgetRuns", Given.Editor, default));
        yield return Case("subscribers.add", "redaktion: red: +1 ±0", "", t => t.host.Get<SubscriberImport>().AddAsync(
            new(1, EmailAddress.Parse("ny@gransele.example"), null, null, null, null, ""),
            new(LegalBasis.Member, "redaktion: red", Given.Editor, SubscriberEventKind.AddedByStaff), default));
        yield return Case("issue.lists", "2026-12", AddList, t => t.Drafts.GoToAsync(t.issue, [1, 7], Given.Editor, default));
        yield return Case("list.add", "moten", "", t => t.host.Get<ListCommands>().AddAsync(new("", "Möten", "", true), Given.Editor, default));
        yield return Case("list.change", "kurser", AddList,
            t => t.host.Get<ListCommands>().ChangeAsync(7, new("", "Alla kurser", "", true), Given.Editor, default));
        yield return Case("list.close", "kurser", AddList, t => t.host.Get<ListCommands>().CloseAsync(7, Given.Editor, default));
        yield return Case("list.reopen", "kurser", $"{AddList}; UPDATE mailing_list SET closed_at = now() WHERE id = 7",
            t => t.host.Get<ListCommands>().ReopenAsync(7, Given.Editor, default));
        yield return Case("staff.add", "karin@gransele.example: editor", "",
            t => t.WithStaffAsync(staff => staff.AddAsync(EmailAddress.Parse("karin@gransele.example"), StaffRole.Editor, Given.Editor, default)));
        yield return Case("staff.password", "karin@gransele.example", AddKarin, t =>
            t.WithStaffAsync(staff => staff.RenewPasswordAsync(Karin, Given.Editor, default)));
        yield return Case("staff.role", "karin@gransele.example: admin", AddKarin, t =>
            t.WithStaffAsync(staff => staff.GiveRoleAsync(Karin, StaffRole.Admin, Given.Editor, default)));
        yield return Case("staff.remove", "karin@gransele.example", AddKarin, t =>
            t.WithStaffAsync(staff => staff.RemoveAsync(Karin, Given.Editor, default)));
    }

    [TestCaseSource(nameof(Commands))]
    public async Task A_command_is_noted_with_who_did_it(string what, string target, string before, Func<AuditLogTests, Task> command)
    {
        await database.ExecuteAsync(before + ";");
        await command(this);

        var noted = (await host.Get<AuditLog>().LastAsync("", 10, default)).Single();
        Assert.That((noted.Who, noted.What, noted.Target), Is.EqualTo((Given.Editor.Name, what, target)));
    }

    [TestCaseSource(nameof(Commands))]
    public async Task What_cannot_be_noted_is_not_done(string what, string target, string before, Func<AuditLogTests, Task> command)
    {
        await database.ExecuteAsync(before + "; ALTER TABLE admin_action ADD CONSTRAINT full_disk CHECK (what = '') NOT VALID;");
        var state = await database.ScalarAsync<string>(Everything);

        Assert.That(() => command(this), Throws.InstanceOf<PostgresException>().Or.InnerException.InstanceOf<PostgresException>());
        Assert.That(await database.ScalarAsync<string>(Everything), Is.EqualTo(state), $"{what} {target}");
    }

    [Test]
    public async Task Logging_in_and_out_are_noted_and_failures_without_what_was_typed()
    {
        using var reader = new PageReader(host.Url);
        await reader.LogInAsync("tolv-granar@i-rad.example", "fel");
        await reader.LogInAsync(password: "fel");
        await reader.SubmitAsync(await reader.LogInAsync(), "form.who");

        var noted = (await host.Get<AuditLog>().LastAsync("login.", 10, default)).Reverse().Select(entry => (entry.What, entry.Who, entry.Target));
        Assert.That(noted, Is.EqualTo(new (string, string, string?)[]
        {
            ("login.failed", "?", null), ("login.failed", SampleData.LoginEmail, null), ("login.in", SampleData.LoginEmail, null),
            ("login.out", SampleData.LoginEmail, null),
        }));
    }

    private const string AddRelay =
        "INSERT INTO relay (id, name, host, port, tls) OVERRIDING SYSTEM VALUE VALUES (7, 'reserv', 'a.example', 25, 'none')";
    private const string Halted =
        """
        UPDATE issue SET state = 'paused';
        INSERT INTO halt (issue_id, cause, state_before, last_active_at, waiting) SELECT id, 'restored', 'sending', now(), 3 FROM issue
        """;
    private const string HaltedNotice =
        """
        INSERT INTO halt (cause, last_active_at, waiting) VALUES ('restored', now(), 1);
        INSERT INTO notice (kind, email, language, created_at, next_attempt_at, halt_id)
        SELECT 'confirmation', 'asa@gransele.example', 'sv', now(), now(), id FROM halt
        """;

    private const string SecondSection = """UPDATE issue SET content = jsonb_set(content, '{sections,1}', '{"heading": "B", "blocks": []}')""";
    private const string WithHistory =
        """
        INSERT INTO issue_revision (issue_id, typed, content)
        SELECT id, false, jsonb_set(content, '{sections,1}', '{"id": "gone", "heading": "B", "blocks": []}')
        FROM issue
        """;
    private const string AddList = "INSERT INTO mailing_list (id, key, name, position, is_open) VALUES (7, 'kurser', 'Kurser', 2, true)";
    private const string AddLimit = "INSERT INTO rate_limit (count, per) VALUES (10, '1 hour')";

    private const string AddPerson = "INSERT INTO person (name) VALUES ('Kajsa')";

    private static readonly Dictionary<string, string> KarinCard = new() { ["name"] = "Karin", ["role"] = "ordförande" };

    private const string AddKarin =
        """
        INSERT INTO staff_member (user_name, normalized_user_name, email, normalized_email, email_confirmed, phone_number_confirmed,
            two_factor_enabled, lockout_enabled, access_failed_count, security_stamp)
        VALUES ('karin@gransele.example', 'KARIN@GRANSELE.EXAMPLE', 'karin@gransele.example', 'KARIN@GRANSELE.EXAMPLE', true, false,
            false, true, 0, 'x')
        """;

    private static EmailAddress Karin => EmailAddress.Parse("karin@gransele.example");

    private static Relay Reserve => new() { Name = "reserv", Host = "a.example", Port = 587, Tls = TlsMode.StartTls };

    private static TestCaseData Case(string what, string target, string before, Func<AuditLogTests, Task> command) =>
        new TestCaseData(what, target, before, command).SetArgDisplayNames(what);

    private async Task WithStaffAsync(Func<StaffRegister, Task> action)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await action(scope.ServiceProvider.GetRequiredService<StaffRegister>());
    }
}
