using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Subscribers.Preferences;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>After an erasure a dump of the whole database holds neither address nor name, whatever had happened and whatever was going on.</summary>
public sealed class ErasureTests : SendingFixture
{
    private const string Unicode = "Asa.Ohlund@räksmörgås.example";
    private const string Ascii = "ASA.OHLUND@xn--rksmrgs-5wao1o.example";
    private static readonly string[] Needles = ["asa.ohlund", "räksmörgås", "xn--rksmrgs", "Öhlund-Kvist", "Räkvik"];

    protected override int Connections => 2;
    protected override IEnumerable<(string Key, string Value)> Settings => [("SignUp:MinimumTime", "00:00:00")];

    [Test]
    public async Task Nothing_is_left_of_a_person_with_a_history_and_every_number_stays()
    {
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, Unicode);
        await reader.SubmitAsync(await reader.GetAsync(await MailedAsync(reader, "/bekrafta/")), "main form");
        var asa = await Database.ScalarAsync<long>("SELECT id FROM subscriber");
        await Host.Get<SubscriberImport>().AddAsync(
            new(1, EmailAddress.Parse(Ascii), "Åsa Öhlund-Kvist", "Räkvik", null, null, ""),
            new(LegalBasis.Member, $"mejl från {Ascii}", Given.Editor, SubscriberEventKind.AddedByStaff), default);
        Relay.Options = new() { Faults = [new("RCPT", FakeRelayAct.Answer, Times: 1, Reply: $"552 5.2.2 <{Ascii}>: over quota")] };
        var (refused, accepted) = (await SentAsync("2026-09"), await SentAsync("2026-10"));
        Relay.Options = new() { Faults = [new("MAIL", FakeRelayAct.Answer, Times: 1, Reply: $"421 4.3.0 {Ascii} is closing")] };
        await reader.SubmitAsync(await reader.GetAsync(Host.UnsubscribePath(asa, accepted)), "main form", ("knapp", "avsluta"));
        await reader.SubmitAsync(await reader.GetAsync("/lank"), "main form", ("Form.Email", Unicode));
        await SignUpAsync(reader, Ascii);
        // Confirmation, receipt and links were mailed, two test letters stand for themselves. Two of them can be accepted in one look.
        await Database.UntilAsync("SELECT count(*) = 5 AND bool_and(state = 'accepted') FROM notice");
        var dump = await Backup.TextAsync(Database);
        Assert.That(Needles, Has.All.Matches<string>(needle => dump.Contains(needle, StringComparison.OrdinalIgnoreCase)), "there was something");
        var (before, events) = (await ReceiptsAsync(refused, accepted), await KindsAsync(asa));

        var page = await reader.GetAsync($"{Host.MyDataPath(asa)}/radera");
        Assert.That(await Database.StatusAsync(asa), Is.EqualTo("unsubscribed"), "looking changes nothing");
        await reader.SubmitAsync(page, "main form");

        Assert.That(reader.Path, Is.EqualTo("/mina-uppgifter/raderat"));
        dump = await Backup.TextAsync(Database);
        foreach (var needle in Needles) Assert.That(dump, Does.Not.Contain(needle).IgnoreCase);
        Assert.That(await ReceiptsAsync(refused, accepted), Is.EqualTo(before));
        Assert.That(await KindsAsync(asa), Is.EqualTo($"{events},erased"), "what happened stays");
        Assert.That(await Database.ScalarAsync<string>(
            "SELECT detail::text FROM subscriber_event WHERE kind = 'signed_up'"), Does.Contain("version").And.Not.Contain("text"));
        foreach (var path in new[] { Host.UnsubscribePath(asa, accepted), Host.DetailsPath(asa), Host.MyDataPath(asa) })
            Assert.That((await reader.GetAsync(path)).Body!.TextContent, Does.Not.Contain("ohlund").IgnoreCase, path);
    }

    [Test]
    public async Task Whoever_is_erased_while_an_issue_goes_out_gets_nothing_more_and_no_answer_brings_them_back()
    {
        const int people = 60;
        await Database.SubscribersAsync(people);
        var issue = await Database.IssueAsync(queued: true);
        Relay.Options = Relay.Options with { MostMessages = 10 };
        await Host.PlanAsync();
        // Ten are with the relay; of two more the end was sent, and it has not answered.
        await Database.UntilAsync("SELECT count(*) = 10 FROM delivery WHERE state = 'accepted'");
        await Database.UntilAsync("SELECT count(*) = 2 FROM delivery WHERE state = 'sending'");

        for (var i = 1; i <= people; i++)
            Assert.That(await Host.Get<Erasures>().EraseAsync(EmailAddress.Parse($"P{i}@Gransele.example"), Given.Editor, default), $"p{i}");
        Relay.Options = Relay.Options with { MostMessages = null };
        var receipt = await Database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Excluded), Is.EqualTo((12, people - 12)));
        Assert.That(Relay.Messages, Has.Count.EqualTo(12));
        Assert.That(await Backup.TextAsync(Database), Does.Not.Contain("gransele.example").IgnoreCase);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE reply_text IS NOT NULL"), Is.Zero);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what = 'subscribers.erase' AND target LIKE '#%'"),
            Is.EqualTo(people));
    }

    [Test]
    public async Task Nobody_is_planned_with_an_address_that_is_being_erased()
    {
        var kim = await Database.SubscriberAsync("kim@gransele.example");
        await Database.SubscriberAsync("lo@alvhed.example");
        var issue = await Database.IssueAsync(queued: true);
        await using var connection = await Database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AudienceLock.EraseAsync(connection, default);
        var planning = Host.PlanAsync();
        await Database.UntilAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");
        await using (var erase = new NpgsqlCommand($"UPDATE subscriber SET status = 'erased', email = '' WHERE id = {kim}", connection))
            await erase.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await planning;

        Assert.That(await Database.ScalarAsync<string>($"SELECT string_agg(email, ' ') FROM delivery WHERE issue_id = {issue}"),
            Is.EqualTo("lo@alvhed.example"));
    }

    [Test]
    public async Task No_list_brings_an_erased_person_back_and_they_themselves_can_come()
    {
        var kim = await Database.SubscriberAsync("kim@gransele.example");
        await Host.Get<Erasures>().EraseSelfAsync(kim, default);

        Assert.That(await Host.Get<Erasures>().EraseSelfAsync(kim, default), Is.False, "once");
        Assert.That(await Host.Get<SubscriberImport>().AddAsync(new(1, EmailAddress.Parse("Kim@gransele.example"), null, null, null, null, ""),
            new(LegalBasis.Member, "lista", Given.Editor), default), Is.EqualTo(ImportOutcome.Suppressed));
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "kim@gransele.example");
        await reader.SubmitAsync(await reader.GetAsync(await MailedAsync(reader, "/bekrafta/")), "main form");
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(status::text, ' ' ORDER BY id) FROM subscriber"), Is.EqualTo("erased active"));
    }

    [Test]
    public async Task Whoever_complained_is_kept_from_coming_back_after_an_erasure_too()
    {
        var kim = await Database.SubscriberAsync("kim@gransele.example", status: SubscriberStatus.Complained);
        await Host.Get<Erasures>().EraseSelfAsync(kim, default);
        using var reader = new PageReader(Host.Url);
        await SignUpAsync(reader, "kim@gransele.example");

        await Database.UntilAsync("SELECT EXISTS (SELECT FROM sign_up WHERE verdict = 'suppressed')");
    }

    [Test]
    public async Task Words_are_taken_from_erased_people_only_and_nothing_else_of_a_row()
    {
        var (kim, lo) = (await Database.SubscriberAsync("kim@gransele.example"), await Database.SubscriberAsync("lo@gransele.example"));
        await Database.ExecuteAsync(
            $$"""INSERT INTO subscriber_event (subscriber_id, at, kind, detail) SELECT id, now(), 'imported', '{"source": "x", "by": "y"}' FROM subscriber""");
        await Host.Get<Erasures>().EraseSelfAsync(kim, default);
        await Database.ExecuteAsync($"SELECT forget_words_of_erased('{{{kim},{lo}}}')");

        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(detail::text, ' ' ORDER BY id) FROM subscriber_event WHERE kind = 'imported'"),
            Is.EqualTo("""{"by": "y"} {"by": "y", "source": "x"}"""));
        foreach (var change in new[] { $"SET kind = 'x' WHERE subscriber_id = {kim}", $"SET detail = detail || '{{\"a\": 1}}' WHERE subscriber_id = {kim}",
            $"SET detail = '{{}}' WHERE subscriber_id = {lo}" })
            Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync($"UPDATE subscriber_event {change}"), change);
        Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync($"UPDATE subscriber SET name = 'Kim' WHERE id = {kim}"), "nothing comes back");
    }

    /// <summary>What was asked with an address by others, and what staff sent to it, holds it too.</summary>
    [Test]
    public async Task Wishes_of_others_and_test_letters_to_the_address_go_too()
    {
        var (kim, lo) = (await Database.SubscriberAsync("kim@gransele.example"), await Database.SubscriberAsync("lo@alvhed.example"));
        await Host.Get<AddressChanges>().RequestAsync(lo, EmailAddress.Parse("kim@gransele.example"), default);
        await Host.Get<AddressChanges>().RequestAsync(kim, EmailAddress.Parse("kim.ny@gransele.example"), default);
        await Database.ExecuteAsync(
            """
            INSERT INTO notice (kind, email, language, payload, state, message_key, created_at, next_attempt_at)
            VALUES ('test_letter', 'Kim@gransele.example', 'sv', NULL, 'accepted', gen_random_uuid(), now(), now())
            """);

        await Host.Get<Erasures>().EraseAsync(EmailAddress.Parse("kim@gransele.example"), Given.Editor, default);

        Assert.That(await Backup.TextAsync(Database), Does.Not.Contain("gransele.example").IgnoreCase);
    }

    /// <summary>A new column of text is looked at by whoever adds it: either an erasure empties it, or it can name no reader.</summary>
    [Test]
    public async Task Each_column_that_can_hold_words_is_emptied_or_names_no_reader()
    {
        var columns = await Database.ScalarAsync<string[]>(
            """
            SELECT array_agg(table_name || '.' || column_name ORDER BY table_name, column_name)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'json', 'xml', 'character varying', 'ARRAY', 'bytea')
                AND table_name <> 'migration'
            """);

        Assert.That(columns, Is.EquivalentTo(PersonalColumns.Emptied.Concat(PersonalColumns.NoReader)));
    }

    private async Task<int> SentAsync(string slug)
    {
        var issue = await Database.IssueAsync(slug, queued: true);
        await Host.PlanAsync();
        await Database.UntilSettledAsync(issue);
        return issue;
    }

    private async Task<Receipt[]> ReceiptsAsync(params int[] issues)
    {
        var receipts = new List<Receipt>();
        foreach (var issue in issues) receipts.Add((await Host.Get<Receipts>().ReadAsync(issue, default))!);
        return [.. receipts];
    }

    private Task<string> KindsAsync(long subscriber) =>
        Database.ScalarAsync<string>($"SELECT string_agg(kind, ',' ORDER BY id) FROM subscriber_event WHERE subscriber_id = {subscriber}");

    private static async Task SignUpAsync(PageReader reader, string email)
    {
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", email), ("Form.Consent", "true"));
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
    }

    /// <summary>The link of the newest mail that has one.</summary>
    private async Task<string> MailedAsync(PageReader reader, string path)
    {
        await Until.TrueAsync(() => Task.FromResult(Relay.Messages.Any(Has)));
        return Relay.Messages.Last(Has).LinkTo(path);

        bool Has(FakeRelayMessage message) => message.LinkTo(path) != "";
    }
}
