using Npgsql;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Privacy.Erasure;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>After an erasure a dump of the whole database holds neither address nor name, whatever had happened and whatever was going on.</summary>
public sealed class ErasureTests
{
    private const string Unicode = "Asa.Ohlund@räksmörgås.example";
    private const string Ascii = "ASA.OHLUND@xn--rksmrgs-5wao1o.example";
    private static readonly string[] Needles = ["asa.ohlund", "räksmörgås", "xn--rksmrgs", "Öhlund-Kvist", "Räkvik"];

    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private TestHost host = null!;

    [SetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        relay = new FakeRelay();
        host = await TestHost.StartAsync(database, [.. Given.Relay(relay, connections: 2), ("SignUp:MinimumTime", "00:00:00")]);
    }

    [TearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task Nothing_is_left_of_a_person_with_a_history_and_every_number_stays()
    {
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, Unicode);
        await reader.SubmitAsync(await reader.GetAsync(await MailedAsync(reader, "/bekrafta/")), "main form");
        var asa = await database.ScalarAsync<long>("SELECT id FROM subscriber");
        await host.Get<SubscriberImport>().AddAsync(
            new(1, EmailAddress.Parse(Ascii), "Åsa Öhlund-Kvist", "Räkvik", null, null, ""),
            new(LegalBasis.Member, $"mejl från {Ascii}", Given.Editor, SubscriberEventKind.AddedByStaff), default);
        relay.Options = new() { Faults = [new("RCPT", FakeRelayAct.Answer, Times: 1, Reply: $"550 5.1.1 <{Ascii}>: unknown")] };
        var (refused, accepted) = (await SentAsync("2026-09"), await SentAsync("2026-10"));
        relay.Options = new() { Faults = [new("MAIL", FakeRelayAct.Answer, Times: 1, Reply: $"421 4.3.0 {Ascii} is closing")] };
        await reader.SubmitAsync(await reader.GetAsync(host.UnsubscribePath(asa, accepted)), "main form", ("knapp", "avsluta"));
        await reader.SubmitAsync(await reader.GetAsync("/lank"), "main form", ("Form.Email", Unicode));
        await SignUpAsync(reader, Ascii);
        await database.UntilAsync("SELECT count(*) = 4 FROM notice WHERE state = 'accepted'");
        var dump = await Backup.TextAsync(database);
        Assert.That(Needles, Has.All.Matches<string>(needle => dump.Contains(needle, StringComparison.OrdinalIgnoreCase)), "there was something");
        var (before, events) = (await ReceiptsAsync(refused, accepted), await KindsAsync(asa));

        var page = await reader.GetAsync($"{host.MyDataPath(asa)}/radera");
        Assert.That(await database.StatusAsync(asa), Is.EqualTo("unsubscribed"), "looking changes nothing");
        await reader.SubmitAsync(page, "main form");

        Assert.That(reader.Path, Is.EqualTo("/mina-uppgifter/raderat"));
        dump = await Backup.TextAsync(database);
        foreach (var needle in Needles) Assert.That(dump, Does.Not.Contain(needle).IgnoreCase);
        Assert.That(await ReceiptsAsync(refused, accepted), Is.EqualTo(before));
        Assert.That(await KindsAsync(asa), Is.EqualTo($"{events},erased"), "what happened stays");
        Assert.That(await database.ScalarAsync<string>(
            "SELECT detail::text FROM subscriber_event WHERE kind = 'signed_up'"), Does.Contain("version").And.Not.Contain("text"));
        foreach (var path in new[] { host.UnsubscribePath(asa, accepted), host.DetailsPath(asa), host.MyDataPath(asa) })
            Assert.That((await reader.GetAsync(path)).Body!.TextContent, Does.Not.Contain("ohlund").IgnoreCase, path);
    }

    [Test]
    public async Task Whoever_is_erased_while_an_issue_goes_out_gets_nothing_more_and_no_answer_brings_them_back()
    {
        const int people = 60;
        await database.SubscribersAsync(people);
        var issue = await database.IssueAsync(queued: true);
        relay.Options = relay.Options with { MostMessages = 10 };
        await host.PlanAsync();
        // Ten are with the relay; of two more the end was sent, and it has not answered.
        await database.UntilAsync("SELECT count(*) = 10 FROM delivery WHERE state = 'accepted'");
        await database.UntilAsync("SELECT count(*) = 2 FROM delivery WHERE state = 'sending'");

        for (var i = 1; i <= people; i++)
            Assert.That(await host.Get<Erasures>().EraseAsync(EmailAddress.Parse($"P{i}@Gransele.example"), Given.Editor, default), $"p{i}");
        relay.Options = relay.Options with { MostMessages = null };
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Excluded), Is.EqualTo((12, people - 12)));
        Assert.That(relay.Messages, Has.Count.EqualTo(12));
        Assert.That(await Backup.TextAsync(database), Does.Not.Contain("gransele.example").IgnoreCase);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE reply_text IS NOT NULL"), Is.Zero);
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM admin_action WHERE what = 'subscribers.erase' AND target LIKE '#%'"),
            Is.EqualTo(people));
    }

    [Test]
    public async Task Nobody_is_planned_with_an_address_that_is_being_erased()
    {
        var kim = await database.SubscriberAsync("kim@gransele.example");
        await database.SubscriberAsync("lo@alvhed.example");
        var issue = await database.IssueAsync(queued: true);
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AudienceLock.EraseAsync(connection, default);
        var planning = host.PlanAsync();
        await database.UntilAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");
        await using (var erase = new NpgsqlCommand($"UPDATE subscriber SET status = 'erased', email = '' WHERE id = {kim}", connection))
            await erase.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        await planning;

        Assert.That(await database.ScalarAsync<string>($"SELECT string_agg(email, ' ') FROM delivery WHERE issue_id = {issue}"),
            Is.EqualTo("lo@alvhed.example"));
    }

    [Test]
    public async Task No_list_brings_an_erased_person_back_and_they_themselves_can_come()
    {
        var kim = await database.SubscriberAsync("kim@gransele.example");
        await host.Get<Erasures>().EraseSelfAsync(kim, default);

        Assert.That(await host.Get<Erasures>().EraseSelfAsync(kim, default), Is.False, "once");
        Assert.That(await host.Get<SubscriberImport>().AddAsync(new(1, EmailAddress.Parse("Kim@gransele.example"), null, null, null, null, ""),
            new(LegalBasis.Member, "lista", Given.Editor), default), Is.EqualTo(ImportOutcome.Suppressed));
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "kim@gransele.example");
        await reader.SubmitAsync(await reader.GetAsync(await MailedAsync(reader, "/bekrafta/")), "main form");
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(status::text, ' ' ORDER BY id) FROM subscriber"), Is.EqualTo("erased active"));
    }

    [Test]
    public async Task Whoever_complained_is_kept_from_coming_back_after_an_erasure_too()
    {
        var kim = await database.SubscriberAsync("kim@gransele.example", status: SubscriberStatus.Complained);
        await host.Get<Erasures>().EraseSelfAsync(kim, default);
        using var reader = new PageReader(host.Url);
        await SignUpAsync(reader, "kim@gransele.example");

        await database.UntilAsync("SELECT EXISTS (SELECT FROM sign_up WHERE verdict = 'suppressed')");
    }

    [Test]
    public async Task Words_are_taken_from_erased_people_only_and_nothing_else_of_a_row()
    {
        var (kim, lo) = (await database.SubscriberAsync("kim@gransele.example"), await database.SubscriberAsync("lo@gransele.example"));
        await database.ExecuteAsync(
            $$"""INSERT INTO subscriber_event (subscriber_id, at, kind, detail) SELECT id, now(), 'imported', '{"source": "x", "by": "y"}' FROM subscriber""");
        await host.Get<Erasures>().EraseSelfAsync(kim, default);
        await database.ExecuteAsync($"SELECT forget_words_of_erased('{{{kim},{lo}}}')");

        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(detail::text, ' ' ORDER BY id) FROM subscriber_event WHERE kind = 'imported'"),
            Is.EqualTo("""{"by": "y"} {"by": "y", "source": "x"}"""));
        foreach (var change in new[] { $"SET kind = 'x' WHERE subscriber_id = {kim}", $"SET detail = detail || '{{\"a\": 1}}' WHERE subscriber_id = {kim}",
            $"SET detail = '{{}}' WHERE subscriber_id = {lo}" })
            Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync($"UPDATE subscriber_event {change}"), change);
        Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync($"UPDATE subscriber SET name = 'Kim' WHERE id = {kim}"), "nothing comes back");
    }

    /// <summary>A new column of text is looked at by whoever adds it: either an erasure empties it, or it can name no reader.</summary>
    [Test]
    public async Task Each_column_that_can_hold_words_is_emptied_or_names_no_reader()
    {
        var columns = await database.ScalarAsync<string[]>(
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
        var issue = await database.IssueAsync(slug, queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        return issue;
    }

    private async Task<Receipt[]> ReceiptsAsync(params int[] issues)
    {
        var receipts = new List<Receipt>();
        foreach (var issue in issues) receipts.Add((await host.Get<Receipts>().ReadAsync(issue, default))!);
        return [.. receipts];
    }

    private Task<string> KindsAsync(long subscriber) =>
        database.ScalarAsync<string>($"SELECT string_agg(kind, ',' ORDER BY id) FROM subscriber_event WHERE subscriber_id = {subscriber}");

    private static async Task SignUpAsync(PageReader reader, string email)
    {
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", email), ("Form.Consent", "true"));
        Assert.That(reader.Path, Is.EqualTo("/prenumerera/tack"));
    }

    /// <summary>The link of the newest mail that has one.</summary>
    private async Task<string> MailedAsync(PageReader reader, string path)
    {
        await Until.TrueAsync(() => Task.FromResult(relay.Messages.Any(Has)));
        return relay.Messages.Last(Has).LinkTo(path);

        bool Has(FakeRelayMessage message) => message.LinkTo(path) != "";
    }
}
