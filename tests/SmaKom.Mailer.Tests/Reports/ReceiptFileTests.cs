using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Tests.Reports;

/// <summary>The receipt as a file, and the page about unknown letters.</summary>
public sealed class ReceiptFileTests : ReaderFixture
{
    private int issue;

    private string Address => $"/redaktion/nummer/{issue}";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber");
        issue = await Database.SentIssueAsync();
    }

    [Test]
    public async Task Its_rows_sum_up_to_the_receipt()
    {
        await Reader.GetAsync($"{Address}/kvitto.csv");

        var bytes = await Reader.Answer.Content.ReadAsByteArrayAsync();
        Assert.That(bytes[..3], Is.EqualTo(new byte[] { 0xEF, 0xBB, 0xBF }), "byte order mark");
        Assert.That(Reader.Answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("kvitto-2026-11.csv"));
        var states = Cells(bytes).Skip(1).CountBy(row => row[3]).ToDictionary();
        var receipt = await Database.ReceiptAsync(issue);
        Assert.That(receipt.AddsUp);
        Assert.That(states, Is.EquivalentTo(new Dictionary<string, int>
        {
            ["Mottaget av servern"] = receipt.Accepted,
            ["Avvisat"] = receipt.Refused,
            ["Ovisst"] = receipt.Unknown,
            ["Undantaget"] = receipt.Excluded,
            ["Väntar"] = receipt.Waiting - receipt.Deferred,
            ["Nytt försök senare"] = receipt.Deferred,
        }));
        Assert.That(states.Values.Sum(), Is.EqualTo(receipt.Audience));
    }

    [Test]
    public async Task Its_cells_say_who_why_and_when_and_run_no_formula()
    {
        await Reader.GetAsync($"{Address}/kvitto.csv");
        var rows = Cells(await Reader.Answer.Content.ReadAsByteArrayAsync()).ToList();

        Assert.That(rows[0],
            Is.EqualTo(new[] { "Adress", "Namn", "Domän", "Läge", "Orsak", "Försök", "Kod", "Serverns svar", "Senast", "Nästa försök" }));
        Assert.That(rows[1][0], Is.EqualTo($"r{issue}-1@gransele.example"));
        Assert.That(rows[1][3..9], Is.EqualTo(new[] { "Mottaget av servern", "", "1", "250 2.0.0", "ok; köad", "2026-11-03 09:00:00" }));
        Assert.That(rows[4][7], Is.EqualTo("'=HYPERLINK(\"http://x.example\")"));
        Assert.That(rows[5][4..8], Is.EqualTo(new[] { "brevlådan är stängd, nya försök hjälpte inte", "1", "450 4.2.1", "två\nrader" }));
        Assert.That(rows.Skip(1).Select(row => row[4]).Where(reason => reason != ""), Is.EqualTo(new[]
        {
            "adressen finns inte", "brevlådan är stängd, nya försök hjälpte inte", "serverns svar kom aldrig", "arbetaren stannade mitt i brevet",
            "ovisst, och fick vara", "avslutade prenumerationen", "numret avbröts",
            "servern ber oss komma tillbaka senare",
        }));
    }

    [TestCase("=1+1", "'=1+1")]
    [TestCase("+46 70", "'+46 70")]
    [TestCase("-1", "'-1")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\t=1", "'\t=1")]
    [TestCase("\r=1", "\"'\r=1\"")]
    [TestCase("\n=1", "\"'\n=1\"")]
    [TestCase("＝1+1", "'＝1+1")]
    [TestCase("＠SUM(A1)", "'＠SUM(A1)")]
    [TestCase("a,=1+1", "\"a,'=1+1\"", Description = "A spreadsheet whose decimal sign is the point cuts the same file at commas.")]
    [TestCase("a;-1", "\"a;'-1\"")]
    [TestCase("Öst, Åsa", "\"Öst, Åsa\"")]
    [TestCase("a;b", "\"a;b\"")]
    [TestCase("sa \"hej\"", "\"sa \"\"hej\"\"\"")]
    [TestCase("åsa@gransele.example", "åsa@gransele.example")]
    public void A_cell_is_text_and_nothing_else(string cell, string written) => Assert.That(Csv.Line(cell), Is.EqualTo(written + "\r\n"));

    [Test]
    public async Task Only_staff_may_read_it()
    {
        using var stranger = new PageReader(Host.Url, followRedirects: false);
        await stranger.GetAsync($"{Address}/kvitto.csv");
        Assert.That(stranger.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        await stranger.GetAsync($"{Address}/ovissa");
        Assert.That(stranger.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        await Reader.GetAsync("/redaktion/nummer/4711/kvitto.csv");
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task An_editor_sees_numbers_and_neither_names_nor_decides()
    {
        using var editor = await EditorAsync();

        var page = await editor.GetAsync(Address);
        Assert.That(page.Body!.TextContent,
            Does.Contain("2 brev är ovissa. En administratör avgör vad som ska hända.").And.Not.Contain($"r{issue}-"));
        Assert.That(page.QuerySelectorAll("a[href*=ovissa], a[href*=kvitto], a[href*=admin]"), Is.Empty, "no door that is locked");
        foreach (var path in new[] { "/kvitto.csv", "/ovissa" })
        {
            await editor.GetAsync(Address + path);
            Assert.That(editor.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
        }

        await editor.SubmitAsync(await Reader.GetAsync($"{Address}/ovissa"), "form.unknown", ("beslut", "igen-alla"));
        Assert.That(editor.Answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "the form of somebody who may");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'unknown' AND reason <> 'left'"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_issue_leads_to_the_unknown_letters_and_one_is_sent_again()
    {
        var page = await Reader.GetAsync(Address);
        Assert.That(page.QuerySelector($"a[href='{Address}/ovissa']")!.TextContent, Is.EqualTo("2 brev är ovissa. Avgör vad som ska hända"));
        var list = await Reader.GetAsync($"{Address}/ovissa");
        Assert.That(list.QuerySelectorAll("tbody tr").Select(row => row.QuerySelector("th")!.TextContent),
            Is.EqualTo(new[] { $"r{issue}-6@gransele.example", $"r{issue}-7@gransele.example" }));
        var first = list.QuerySelector("input[name=id]")!.GetAttribute("value");

        var done = await Reader.SubmitAsync(list, "form.unknown", ("id", first), ("beslut", "igen-valda"));

        Assert.That(Reader.Path, Is.EqualTo($"{Address}/ovissa?igen=1"), "POST leads to GET");
        Assert.That(done.QuerySelector("[role=status]")!.TextContent.Trim(), Is.EqualTo("1 brev skickas igen."));
        Assert.That(await Database.ScalarAsync<string>($"SELECT state::text FROM delivery WHERE id = {first}"), Is.EqualTo("waiting"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'unknown' AND reason <> 'left'"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<string>("SELECT state::text FROM issue"), Is.EqualTo("sending"));
    }

    [Test]
    public async Task All_are_left_with_one_button_and_asked_about_no_more()
    {
        var list = await Reader.GetAsync($"{Address}/ovissa");
        var done = await Reader.SubmitAsync(list, "form.unknown", ("beslut", "lat-alla"));

        Assert.That(done.QuerySelector("[role=status]")!.TextContent, Does.Contain("2 brev får vara"));
        Assert.That(done.QuerySelector(".empty")!.TextContent, Does.Contain("Inget brev väntar på ditt beslut."));
        Assert.That((await Database.ReceiptAsync(issue)).Unknown, Is.EqualTo(3));
        Assert.That((await Reader.GetAsync(Address)).QuerySelector($"a[href='{Address}/ovissa']"), Is.Null);
    }

    [Test]
    public async Task Without_a_choice_nothing_changes()
    {
        var list = await Reader.GetAsync($"{Address}/ovissa");
        var done = await Reader.SubmitAsync(list, "form.unknown", ("beslut", "igen-valda"));
        Assert.That(done.QuerySelector("[role=status]")!.TextContent, Does.Contain("du valde inget brev"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM delivery WHERE state = 'unknown' AND reason <> 'left'"), Is.EqualTo(2));

        await Reader.SubmitAsync(list, "form.unknown", ("beslut", "igen-alla"), ("__RequestVerificationToken", null));
        Assert.That(Reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "a form of another site");
    }

    private async Task<PageReader> EditorAsync()
    {
        string password;
        await using (var scope = Host.Services.CreateAsyncScope())
            password = (await scope.ServiceProvider.GetRequiredService<StaffRegister>()
                .AddAsync(EmailAddress.Parse("karin@gransele.example"), StaffRole.Editor, Actor.CommandLine, default))!;
        var editor = new PageReader(Host.Url, followRedirects: false);
        await editor.LogInAsync("karin@gransele.example", password);
        return editor;
    }

    /// <summary>As a spreadsheet reads it; a reader of its own.</summary>
    private static IEnumerable<string[]> Cells(byte[] file)
    {
        using var reader = new StreamReader(new MemoryStream(file));
        var text = reader.ReadToEnd();
        foreach (System.Text.RegularExpressions.Match line in System.Text.RegularExpressions.Regex.Matches(text,
            "(?:\"(?:[^\"]|\"\")*\"|[^\"\r])+\r\n"))
            yield return [.. System.Text.RegularExpressions.Regex.Matches(line.Value[..^2], "(?:^|;)(?:\"((?:[^\"]|\"\")*)\"|([^;\"]*))")
                .Select(cell => cell.Groups[1].Success ? cell.Groups[1].Value.Replace("\"\"", "\"") : cell.Groups[2].Value)];
    }
}
