using Microsoft.AspNetCore.DataProtection;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>A reader's change of address: asked for, confirmed at the new one, stopped from the old one.</summary>
public sealed class AddressChangeTests : ListFixture
{
    [Test]
    public async Task A_new_address_is_confirmed_from_there_and_can_be_taken_back_from_the_old_one()
    {
        using var reader = new PageReader(Host.Url);
        var answer = await AskAsync(reader, "kim@norrbo.example");
        Assert.That(await AddressAsync(Kim), Is.EqualTo("kim@gransele.example"), "asking changes nothing");
        var (confirm, stop) = (await LinkAsync("address_confirmation"), await LinkAsync("address_notice"));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(email, ' ' ORDER BY kind) FROM notice"),
            Is.EqualTo("kim@norrbo.example kim@gransele.example"), "one mail to each");

        var page = await reader.GetAsync(confirm);
        Assert.That(await AddressAsync(Kim), Is.EqualTo("kim@gransele.example"), "a scanner's look changes nothing");
        page = await reader.SubmitAsync(page, "main form");
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Adressen är bytt"));
        var there = await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email = 'kim@norrbo.example' AND status = 'active'");
        Assert.That(await OnAsync(there), Is.EqualTo($"1 {Invitations}"));
        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("unsubscribed", "")));

        page = await reader.SubmitAsync(await reader.GetAsync(stop), "main form");
        Assert.That(page.QuerySelector("h1")!.TextContent, Is.EqualTo("Bytet är stoppat"));
        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("active", $"1 {Invitations}")));
        Assert.That((await Database.StatusAsync(there), await OnAsync(there)), Is.EqualTo(("unsubscribed", "")));
        Assert.That((await reader.SubmitAsync(await reader.GetAsync(Host.DetailsPath(Kim)), "form:has(#newaddress)", ("NewAddress", "kim@")))
            .QuerySelector("#newaddress-error"), Is.Not.Null);
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(detail::text, '') FROM subscriber_event"), Does.Not.Contain("@"));
        Assert.That(answer, Does.Contain("Titta i den nya inkorgen"));
    }

    [Test]
    public async Task Whether_an_address_is_known_shows_in_no_answer_and_one_address_stays_one_person()
    {
        using var reader = new PageReader(Host.Url);
        var other = await Database.SubscriberAsync("other@gransele.example", status: SubscriberStatus.Unsubscribed);
        var complained = await Database.SubscriberAsync("complained@gransele.example", status: SubscriberStatus.Complained);
        var answers = new List<string>();
        foreach (var address in new[] { "ny@gransele.example", "complained@gransele.example", "other@gransele.example", "fjarde@gransele.example" })
            answers.Add(await AskAsync(reader, address));
        Assert.That(answers.Distinct(), Has.Exactly(1).Items);
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(email, ' ' ORDER BY id) FROM notice WHERE kind = 'address_confirmation'"),
            Is.EqualTo("ny@gransele.example other@gransele.example fjarde@gransele.example"), "none to who complained");
        await AskAsync(reader, "femte@gransele.example");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM notice"), Is.EqualTo(6), "three wishes a day");

        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_confirmation", "other@gransele.example")), "main form");
        Assert.That((await Database.StatusAsync(other), await OnAsync(other)), Is.EqualTo(("active", $"1 {Invitations}")));
        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("unsubscribed", "")));
        Assert.That(await Database.StatusAsync(complained), Is.EqualTo("complained"));

        await Database.ExecuteAsync("DELETE FROM notice WHERE id > (SELECT id FROM notice WHERE email = 'other@gransele.example') + 1");
        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_notice")), "main form");
        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("active", $"1 {Invitations}")), "taken back from the old mailbox");
        Assert.That((await Database.StatusAsync(other), await OnAsync(other)), Is.EqualTo(("unsubscribed", "")), "and nothing stays where it went");
    }

    /// <summary>Whoever holds a forwarded letter may ask, and passes it on to lose the trace.</summary>
    [Test]
    public async Task What_was_passed_on_ends_with_the_change_that_the_old_mailbox_stops()
    {
        using var reader = new PageReader(Host.Url);
        await Database.ExecuteAsync($"INSERT INTO subscription VALUES ({Kim}, {Members}, 'member', now())");
        var known = await Database.SubscriberAsync("known@gransele.example");
        await AskAsync(reader, "ett@norrbo.example");
        var stop = await LinkAsync("address_notice");
        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_confirmation")), "main form");
        var one = await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email = 'ett@norrbo.example'");
        Assert.That(await OnAsync(one), Is.EqualTo($"1 {Invitations} {Members}"));
        Assert.That((await reader.GetAsync(Host.DetailsPath(Kim))).QuerySelector("form:has(#newaddress)"), Is.Null, "a letter to the old address has no power any more");
        await AskAsync(reader, "known@gransele.example", one);
        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_confirmation", "known@gransele.example")), "main form");
        Assert.That(await OnAsync(known), Is.EqualTo($"1 {Invitations} {Members}"));

        await reader.SubmitAsync(await reader.GetAsync(stop), "main form");

        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("active", $"1 {Invitations} {Members}")));
        Assert.That((await Database.StatusAsync(one), await OnAsync(one)), Is.EqualTo(("unsubscribed", "")));
        Assert.That((await Database.StatusAsync(known), await OnAsync(known)), Is.EqualTo(("active", "1")), "what it had before");
    }

    [Test]
    public async Task Whoever_changes_back_is_where_they_began()
    {
        using var reader = new PageReader(Host.Url);
        await AskAsync(reader, "ny@norrbo.example");
        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_confirmation")), "main form");
        var there = await Database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email = 'ny@norrbo.example'");
        await AskAsync(reader, "kim@gransele.example", there);
        await reader.SubmitAsync(await reader.GetAsync(await LinkAsync("address_confirmation", "kim@gransele.example")), "main form");

        Assert.That((await Database.StatusAsync(Kim), await OnAsync(Kim)), Is.EqualTo(("active", $"1 {Invitations}")));
        await reader.SubmitAsync(await reader.GetAsync(Host.UnsubscribePath(Kim, 0, Invitations)), "main form", ("knapp", "avsluta-allt"));
        Assert.That((await Database.StatusAsync(Kim), await Database.StatusAsync(there)), Is.EqualTo(("unsubscribed", "unsubscribed")));
    }

    private async Task<string> AskAsync(PageReader reader, string address, long? who = null)
    {
        var page = await reader.SubmitAsync(await reader.GetAsync(Host.DetailsPath(who ?? Kim)), "form:has(#newaddress)", ("NewAddress", address));
        return page.QuerySelector("main")!.TextContent;
    }

    private async Task<string> LinkAsync(string kind, string? to = null)
    {
        var payload = await Database.ScalarAsync<string>(
            $"SELECT payload FROM notice WHERE kind = '{kind}' {(to is null ? "" : $"AND email = '{to}'")} ORDER BY id DESC LIMIT 1");
        return new Uri(Host.Get<IDataProtectionProvider>().CreateProtector("Notices.Link").Unprotect(payload)).PathAndQuery;
    }

    private Task<string> AddressAsync(long id) => Database.ScalarAsync<string>($"SELECT email FROM subscriber WHERE id = {id}");
}
