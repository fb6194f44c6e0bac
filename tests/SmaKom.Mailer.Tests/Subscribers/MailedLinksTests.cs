using System.Net;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>"Mail me my links": for whoever has deleted the letters, and for what a forwarded letter must not open.</summary>
public sealed class MailedLinksTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private TestHost host = null!;
    private PageReader reader = null!;

    [SetUp]
    public async Task Start()
    {
        database = await TestDatabase.CreateAsync();
        relay = new FakeRelay();
        host = await TestHost.StartAsync(database,
            [.. Given.Relay(relay, connections: 1), ("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerNetworkAndHour", "8")]);
        reader = new PageReader(host.Url);
    }

    [TearDown]
    public async Task Stop()
    {
        reader.Dispose();
        await host.DisposeAsync();
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task The_answer_is_the_same_for_all_and_only_who_is_known_gets_a_mail_once_a_day()
    {
        await database.SubscriberAsync("kim@gransele.example");
        await database.SubscriberAsync("left@gransele.example", status: SubscriberStatus.Unsubscribed);
        await database.SubscriberAsync("gone@gransele.example", status: SubscriberStatus.Erased);
        var answers = new List<string>();
        foreach (var who in new[] { "KIM", "nobody", "left", "gone", "kim" })
        {
            var page = await AskAsync($"{who}@gransele.example");
            answers.Add($"{reader.Answer.StatusCode} {reader.Path} {page.Body!.TextContent}");
        }

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        await database.UntilAsync("SELECT count(*) = 5 FROM link_request WHERE decided_at IS NOT NULL");
        Assert.That(await VerdictsAsync(), Is.EqualTo("mailed,nobody,mailed,nobody,too_soon"));
        await relay.WaitFor(2);
        Assert.That(relay.Messages.Select(message => message.Recipient), Is.EquivalentTo(["kim@gransele.example", "left@gransele.example"]));
        Assert.That(await database.ScalarAsync<bool>("SELECT bool_or(l::text LIKE '%gransele%') FROM link_request AS l"), Is.False, "no address is kept");

        await database.ExecuteAsync("UPDATE link_request SET decided_at = decided_at - interval '1 day'");
        await AskAsync("kim@gransele.example");
        await relay.WaitFor(3);
    }

    [Test]
    public async Task The_mail_holds_the_three_links_and_the_one_to_all_data_expires()
    {
        await database.SubscriberAsync("kim@gransele.example");
        await AskAsync("kim@gransele.example");
        await relay.WaitFor(1);
        var mail = ReceivedMail.Read(relay.Messages[0].Bytes);
        Assert.That(mail.Headers["Auto-Submitted"], Is.EqualTo("auto-generated"));
        foreach (var (path, heading) in new[] { ("/uppgifter/", "Dina uppgifter"), ("/avsluta/", "Avsluta prenumerationen"), ("/mina-uppgifter/", "Mina uppgifter") })
        {
            var link = relay.Messages[0].LinkTo(path);
            Assert.That(mail.HtmlBody, Does.Contain(link), path);
            Assert.That((await reader.GetAsync(link)).QuerySelector("h1")!.TextContent, Is.EqualTo(heading), path);
        }

        Assert.That(await database.ScalarAsync<bool>("SELECT payload IS NULL FROM notice WHERE state = 'accepted'"), "the links are forgotten");
    }

    [Test]
    public async Task Too_many_from_one_network_are_turned_away_and_an_address_that_is_none_is_told()
    {
        var page = await AskAsync("inte en adress");
        Assert.That(page.GetElementById("email")!.GetAttribute("aria-invalid"), Is.EqualTo("true"));
        for (var i = 0; i < 8; i++) await AskAsync($"p{i}@gransele.example");
        await AskAsync("p9@gransele.example");

        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM link_request"), Is.EqualTo(8));
    }

    private Task<string> VerdictsAsync() => database.ScalarAsync<string>("SELECT string_agg(verdict, ',' ORDER BY id) FROM link_request");

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> AskAsync(string address) =>
        await reader.SubmitAsync(await reader.GetAsync("/lank"), "main form", ("Form.Email", address));
}
