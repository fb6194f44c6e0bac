using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class SubscribersPageTests : ReaderFixture
{
    [SetUp]
    public Task BeginAsync() => Database.EmptyAsync("subscriber");

    [Test]
    public async Task Paging_shows_everyone_once()
    {
        await Database.SubscribersAsync(60);
        var seen = new List<string>();
        var address = "/redaktion/prenumeranter";
        while (address is not null)
        {
            var page = await Reader.GetAsync(address);
            seen.AddRange(page.QuerySelectorAll("tbody th").Select(cell => cell.TextContent));
            address = page.QuerySelectorAll(".pages a").LastOrDefault(link => link.TextContent == "Fler prenumeranter")?.GetAttribute("href");
        }

        Assert.That(seen, Has.Count.EqualTo(60).And.Unique);
    }

    [TestCase("p17@", 1)]
    [TestCase("P17@", 1)]
    [TestCase("100%", 0)]
    [TestCase("_", 0)]
    public async Task Search_finds_what_it_says_and_no_pattern(string text, int hits)
    {
        await Database.SubscribersAsync(20);
        var page = await SearchAsync(text);
        Assert.That(page.QuerySelectorAll("tbody th"), Has.Length.EqualTo(hits));
    }

    [Test]
    public async Task What_is_searched_for_stands_in_no_address_and_survives_paging()
    {
        await Database.SubscribersAsync(60);
        var page = await SearchAsync("gransele.example");
        var addresses = new List<string> { Reader.Path };
        var seen = page.QuerySelectorAll("tbody th").Length;
        while (page.QuerySelectorAll(".pages a").LastOrDefault(link => link.TextContent == "Fler prenumeranter")?.GetAttribute("href") is { } next)
        {
            page = await Reader.GetAsync(next);
            addresses.Add(Reader.Path);
            seen += page.QuerySelectorAll("tbody th").Length;
            Assert.That(page.QuerySelector("#sok")!.GetAttribute("value"), Is.EqualTo("gransele.example"));
        }

        Assert.That(seen, Is.EqualTo(60));
        Assert.That(addresses, Has.Count.EqualTo(3));
        Assert.That(addresses, Has.None.Contain("gransele").And.All.Match("^/redaktion/prenumeranter[?]sok=[A-Za-z0-9_-]+(&efter=[0-9]+)?$"));
    }

    [Test]
    public async Task A_search_that_was_not_sealed_here_is_told_so()
    {
        var page = await Reader.GetAsync("/redaktion/prenumeranter?sok=anna%40gransele.example");

        Assert.That((int)Reader.Answer.StatusCode, Is.EqualTo(400));
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent, Does.Contain("Sök igen"));
    }

    [Test]
    public async Task Adding_a_person_adds_one_with_its_source()
    {
        var page = await AddAsync("Åsa.Öman@Gransele.example", "Åsa Öman");

        Assert.That(page.QuerySelector(".status.ok")!.TextContent, Does.Contain("är tillagd"));
        Assert.That(await Database.ScalarAsync<string>("SELECT legal_basis || ' ' || name FROM subscriber WHERE status = 'active'"),
            Is.EqualTo("member Åsa Öman"));
        Assert.That(await Database.ScalarAsync<string>("SELECT kind FROM subscriber_event"), Is.EqualTo(SubscriberEventKind.AddedByStaff));
    }

    [Test]
    public async Task A_malformed_address_is_refused_at_its_field()
    {
        var page = await AddAsync("inget snabel-a", "Åsa");

        Assert.That(page.QuerySelector("#email-error")!.TextContent, Does.Contain("Personen lades inte till"));
        Assert.That(page.QuerySelector("#email")!.GetAttribute("value"), Is.EqualTo("inget snabel-a"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM subscriber"), Is.Zero);
    }

    [Test]
    public async Task Whoever_has_left_is_not_brought_back()
    {
        await Database.SubscriberAsync("gick@gransele.example", status: SubscriberStatus.Unsubscribed);
        var page = await AddAsync("gick@gransele.example", "");

        Assert.That(page.QuerySelector(".status.warn")!.TextContent, Does.Contain("har avslutat prenumerationen"));
        Assert.That(await Database.ScalarAsync<string>("SELECT status::text FROM subscriber"), Is.EqualTo("unsubscribed"));
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> SearchAsync(string text) =>
        await Reader.SubmitAsync(await Reader.GetAsync("/redaktion/prenumeranter"), "form.search", ("Typed", text));

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> AddAsync(string email, string name) =>
        await Reader.SubmitAsync(await Reader.GetAsync("/redaktion/prenumeranter"), "#lagg-till form", ("Email", email), ("Name", name));
}
