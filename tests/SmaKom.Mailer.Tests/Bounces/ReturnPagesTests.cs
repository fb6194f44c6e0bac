using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Privacy.Retention;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>Mails that were set aside: on their page, on the command line, and when their time is over.</summary>
[NonParallelizable]
public sealed class ReturnPagesTests : ReaderFixture
{
    [SetUp]
    public Task EmptyAsync() => Database.EmptyAsync("incoming_mail");

    [Test]
    public async Task What_was_set_aside_is_shown_as_text_and_read_again()
    {
        Assert.That((await TextAsync("/admin/studsar")), Does.Contain("Inget ligger åt sidan"));
        var read = await MailAsync("read");
        var poison = await MailAsync("poison", "Subject: <script>alert(1)</script> <b>fet</b>\r\nX-Kontroll: a\u001b[31mb\u202e\r\n\r\n<p>brödtext</p>", "parts");
        Assert.That(await TextAsync("/admin/studsar"), Does.Contain("Gick inte att läsa efter tre försök").And.Contain("parts").And.Not.Contain($"Nr {read}"));

        var page = await Reader.GetAsync($"/admin/studsar/{poison}");
        var shown = page.QuerySelector("pre")!;
        Assert.That((shown.Children.Length, shown.TextContent), Is.EqualTo((0, "Subject: <script>alert(1)</script> <b>fet</b>\nX-Kontroll: a[31mb")));
        Assert.That((await Host.Get<Checkup>().LookAsync(default)).Where(finding => finding.Kind == FindingKind.BouncesUnreadable), Has.Exactly(1).Items);

        page = await Reader.SubmitAsync(page, "main form");
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain($"Nr {poison} läses om inom kort"));
        Assert.That(await Database.ScalarAsync<string>($"SELECT state || tries || (problem IS NULL) FROM incoming_mail WHERE id = {poison}"), Is.EqualTo("waiting0true"));
        Assert.That(await Database.ScalarAsync<string>("SELECT who || ' ' || what || ' ' || target FROM admin_action ORDER BY id DESC LIMIT 1"),
            Is.EqualTo($"red@example.org bounce.replay {poison}"));
        Assert.That((await Host.Get<Checkup>().LookAsync(default)).Where(finding => finding.Kind == FindingKind.BouncesUnreadable), Is.Empty);
        Assert.That(await Host.Get<StoredMails>().ReplayAsync(poison, Given.Administrator, default), Is.EqualTo(ReplayAnswer.Waiting));
        Assert.That(await Host.Get<StoredMails>().ReplayAsync(poison + 99, Given.Administrator, default), Is.EqualTo(ReplayAnswer.Unknown));
    }

    [Test]
    public async Task There_are_fifty_on_a_page_and_a_way_to_the_older_ones()
    {
        await Database.ExecuteAsync(
            "INSERT INTO incoming_mail (source, key, received_at, octets, bytes, state) SELECT 'smtp', n::text, now(), 1, 'x', 'unclear' FROM generate_series(1, 51) AS n");
        var page = await Reader.GetAsync("/admin/studsar");
        Assert.That(page.QuerySelectorAll("tbody tr"), Has.Length.EqualTo(50));
        page = await Reader.GetAsync(page.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.That((page.QuerySelectorAll("tbody tr").Length, page.QuerySelector("a[rel=next]")), Is.EqualTo((1, (object?)null)));
    }

    [Test]
    public async Task The_command_line_lists_shows_and_reads_again()
    {
        var unclear = await MailAsync("unclear", "Subject: Vems?\r\n\r\ntext", "forged");
        await MailAsync("read");

        var list = await Smakom.RunAsync(Database, "bounces", "list", "--json");
        Assert.That(list.Json.EnumerateArray().Select(mail => mail.GetProperty("id").GetInt64()), Is.EqualTo(new[] { unclear }), list.Errors);
        var show = await Smakom.RunAsync(Database, "bounces", "show", $"{unclear}");
        Assert.That(show.Output, Does.Contain("oklart").And.Contain("forged").And.Contain("Subject: Vems?").And.Not.Contain("text"));
        var replay = await Smakom.RunAsync(Database, "bounces", "replay", $"{unclear}");
        Assert.That((replay.ExitCode, replay.Output), Is.EqualTo((ExitCode.Done, $"Mejl {unclear} läses om så snart en arbetare är igång.\n")), replay.Errors);
        Assert.That((await Smakom.RunAsync(Database, "bounces", "replay", $"{unclear}")).ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(await Database.ScalarAsync<string>("SELECT who FROM admin_action ORDER BY id DESC LIMIT 1"), Is.EqualTo("command_line"));
    }

    [Test]
    public async Task Bytes_go_when_their_time_is_over_and_the_row_stays()
    {
        foreach (var (state, days) in new[] { ("read", 29), ("read", 31), ("unclear", 89), ("poison", 91), ("waiting", 400) })
            await Database.ExecuteAsync(
                $"INSERT INTO incoming_mail (source, key, received_at, sent_to, octets, bytes, state) VALUES ('smtp', '{state}{days}', now() - interval '{days} days', 'studs-x@smakom.example', 1, 'x', '{state}')");
        Assert.That(await TextAsync("/admin/gallring"), Does.Contain("Innehållet i mejl som kommer tillbaka"));

        await Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<ForgetReturns>(Host.Services).RunAsync(null, default);

        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(key, ' ' ORDER BY id) FROM incoming_mail WHERE bytes IS NULL AND sent_to IS NULL"),
            Is.EqualTo("read31 poison91"));
        Assert.That(await Database.ScalarAsync<int>("SELECT count(*)::int FROM incoming_mail"), Is.EqualTo(5));
        var gone = await Database.ScalarAsync<long>("SELECT id FROM incoming_mail WHERE key = 'poison91'");
        Assert.That(await Host.Get<StoredMails>().ReplayAsync(gone, Given.Administrator, default), Is.EqualTo(ReplayAnswer.Forgotten));
        Assert.That(await TextAsync("/admin/studsar"), Does.Contain("Innehållet är gallrat"));
    }

    private async Task<string> TextAsync(string path) => (await Reader.GetAsync(path)).Body!.TextContent;

    private Task<long> MailAsync(string state, string text = "Subject: x\r\n\r\nx", string? problem = null) => Database.ScalarAsync<long>(
        """
        INSERT INTO incoming_mail (source, key, received_at, octets, bytes, state, tries, problem)
        VALUES ('imap:studs@imap.example/INBOX', $1 || clock_timestamp(), now(), length($2), convert_to($2, 'UTF8'), $1, 3, $3)
        RETURNING id
        """, new() { Value = state }, new() { Value = text }, new() { Value = (object?)problem ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
}
