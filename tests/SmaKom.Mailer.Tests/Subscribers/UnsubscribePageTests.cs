using System.Net;
using Microsoft.AspNetCore.DataProtection;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class UnsubscribePageTests : SiteFixture
{
    private PageReader reader = null!;
    private long kim;

    [SetUp]
    public async Task Given()
    {
        kim = await Database.SubscriberAsync($"kim{TestContext.CurrentContext.Test.ID}@gransele.example");
        reader = new PageReader(Host.Url);
    }

    [TearDown]
    public void Close() => reader.Dispose();

    [Test]
    public async Task One_button_leaves_and_another_undoes()
    {
        var page = await reader.GetAsync(Host.UnsubscribePath(kim));
        Assert.That(page.QuerySelectorAll("main button"), Has.Length.EqualTo(1));

        page = await reader.SubmitAsync(page, "main form", ("knapp", "avsluta"));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Prenumerationen är avslutad"));

        page = await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Du prenumererar igen"));
        Assert.That(page.QuerySelectorAll("main form"), Is.Empty, "nobody is asked again");
        page = await reader.GetAsync(page.QuerySelector(".meta a")!.GetAttribute("href")!);
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Avsluta prenumerationen"));
    }

    [Test]
    public async Task The_receipts_link_undoes_and_then_says_what_holds()
    {
        await LeaveAsync();
        var payload = await Database.ScalarAsync<string>($"SELECT payload FROM notice WHERE subscriber_id = {kim}");
        var link = new Uri(Host.Get<IDataProtectionProvider>().CreateProtector("Notices.Link").Unprotect(payload));

        var page = await reader.GetAsync(link.PathAndQuery);
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Prenumerationen är avslutad"));
        await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));

        foreach (var _ in new[] { "once", "and by the same mail later" })
            Assert.That((await reader.GetAsync(link.PathAndQuery)).QuerySelector("h1")!.TextContent, Is.EqualTo("Du prenumererar igen"));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("active"));
    }

    [Test]
    public async Task Undo_gives_back_the_status_that_was()
    {
        await Database.ExecuteAsync($"UPDATE subscriber SET status = 'bounced' WHERE id = {kim}");
        using var machine = new HttpClient { BaseAddress = new Uri(Host.Url) };
        await machine.PostAsync(Host.UnsubscribePath(kim), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));

        await reader.SubmitAsync(await reader.GetAsync(Host.UnsubscribePath(kim)), ".status form", ("knapp", "angra"));

        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("bounced"));
    }

    [Test]
    public async Task Undo_without_the_pages_own_token_does_nothing()
    {
        await LeaveAsync();

        var page = await reader.SendAsync(
            new(HttpMethod.Post, Host.UnsubscribePath(kim)) { Content = new FormUrlEncodedContent([new("knapp", "angra")]) });

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Formuläret kunde inte tas emot"));
        Assert.That(await Database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
    }

    [Test]
    public async Task An_old_link_still_leaves_but_no_longer_takes_back()
    {
        await LeaveAsync();
        await Database.ExecuteAsync($"UPDATE subscriber SET left_at = left_at - interval '31 days' WHERE id = {kim}");

        var page = await reader.GetAsync(Host.UnsubscribePath(kim));

        Assert.That(page.QuerySelector("main form"), Is.Null);
        Assert.That(page.QuerySelector("main a[href='/prenumerera']"), Is.Not.Null);
    }

    [Test]
    public async Task A_reason_is_kept_once_and_only_from_the_list()
    {
        var page = await LeaveAsync();

        await reader.SubmitAsync(page, "form.card", ("knapp", "skal"), ("anledning", "<script>"));
        Assert.That(await ReasonsAsync(), Is.Zero);

        page = await reader.SubmitAsync(page, "form.card", ("knapp", "skal"), ("anledning", "left_job"));
        await reader.SubmitAsync(await LeaveAsync(), ".status form", ("knapp", "skal"), ("anledning", "other"));
        Assert.That(page.QuerySelector("form.card"), Is.Null);
        Assert.That(await ReasonsAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_broken_link_is_told_in_plain_words()
    {
        var page = await reader.GetAsync(Host.UnsubscribePath(kim)[..^3]);

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Länken fungerar inte"));
        Assert.That(page.QuerySelector("main form"), Is.Null);
    }

    [Test]
    public async Task Leaving_and_coming_back_sends_one_receipt_a_day()
    {
        for (var i = 0; i < 3; i++)
        {
            var page = await LeaveAsync();
            await reader.SubmitAsync(page, ".status form", ("knapp", "angra"));
        }

        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM notice WHERE subscriber_id = @id", new Npgsql.NpgsqlParameter("id", kim)),
            Is.EqualTo(1));
    }

    [Test]
    public async Task Details_are_changed_by_the_form_and_the_log_names_the_fields_only()
    {
        var path = Host.DetailsPath(kim);

        var page = await reader.SubmitAsync(await reader.GetAsync(path), "main form",
            ("Form.Name", "Kim Ny"), ("Form.Municipality", "Gransele"), ("Form.Language", "en"), ("Form.Format", "Text"));

        Assert.That(page.QuerySelector(".status.ok"), Is.Not.Null);
        Assert.That(await Database.ScalarAsync<string>(
            $"SELECT concat_ws('|', name, municipality, language, format) FROM subscriber WHERE id = {kim}"),
            Is.EqualTo("Kim Ny|Gransele|en|text"));
        Assert.That(await Database.ScalarAsync<string>($"SELECT detail::text FROM subscriber_event WHERE subscriber_id = {kim}"),
            Does.Contain("municipality").And.Not.Contain("Gransele"));
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> LeaveAsync()
    {
        var page = await reader.GetAsync(Host.UnsubscribePath(kim));
        return page.QuerySelector("button[value=avsluta]") is null ? page : await reader.SubmitAsync(page, "main form", ("knapp", "avsluta"));
    }

    private Task<long> ReasonsAsync() =>
        Database.ScalarAsync<long>("SELECT count(*) FROM subscriber_event WHERE kind = 'unsubscribe_reason' AND subscriber_id = @id",
            new Npgsql.NpgsqlParameter("id", kim));
}
