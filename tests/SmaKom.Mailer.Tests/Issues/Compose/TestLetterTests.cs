using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>A test letter, through the real worker and a scripted relay.</summary>
public sealed class TestLetterTests
{
    private TestDatabase database = null!;
    private FakeRelay relay = null!;
    private TestHost host = null!;
    private int issue;

    private TestLetters Letters => host.Get<TestLetters>();

    [SetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync();
        relay = new FakeRelay();
        host = await TestHost.StartAsync(database, Given.Relay(relay, connections: 1));
        issue = await database.IssueAsync("2026-12", tested: false);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        await relay.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task It_is_the_letter_that_readers_get_but_for_the_mark_in_its_subject()
    {
        await Letters.SendAsync(issue, "red@example.org", Given.Editor, default);
        await SettledAsync("accepted");
        var test = ReceivedMail.Read(relay.Messages.Single().Bytes);
        await database.SubscriberAsync("anna@gransele.example");
        await host.Get<SmaKom.Mailer.Issues.IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        var real = ReceivedMail.Read(relay.Messages.Last().Bytes);

        Assert.That(test.Subject, Is.EqualTo("[TEST] " + real.Subject));
        Assert.That(Same(test.HtmlBody!), Is.EqualTo(Same(real.HtmlBody!)));
        Assert.That(Same(test.TextBody!), Is.EqualTo(Same(real.TextBody!)));
        Assert.That(await database.ScalarAsync<string>("SELECT who || ' ' || target FROM admin_action WHERE what = 'issue.test'"),
            Is.EqualTo($"{Given.Editor.Name} 2026-12"));
        Assert.That(await database.ScalarAsync<bool>("SELECT payload IS NULL FROM notice"), "what it was made of is forgotten");
        Assert.That((await database.ReceiptAsync(issue)).Accepted, Is.EqualTo(1), "it is no letter of the issue's");
    }

    [Test]
    public async Task Its_links_speak_for_nobody_and_their_pages_say_so()
    {
        await Letters.SendAsync(issue, "red@example.org", Given.Editor, default);
        await SettledAsync("accepted");
        var mail = ReceivedMail.Read(relay.Messages.Single().Bytes);
        var leave = new Uri(mail.Headers["List-Unsubscribe"]!.Trim('<', '>')).AbsolutePath;
        using var reader = new PageReader(host.Url);

        foreach (var path in new[] { leave, leave.Replace("avsluta", "uppgifter"), leave.Replace("avsluta", "brev") })
        {
            Assert.That((await reader.GetAsync(path)).QuerySelector("h1")!.TextContent, Is.EqualTo("Det här är ett testbrev"), path);
            Assert.That(reader.Answer.IsSuccessStatusCode, path);
        }

        await reader.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, leave) { Content = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]) });
        Assert.That(await reader.Answer.Content.ReadAsStringAsync(), Is.EqualTo("This was a test letter. Nothing was changed."));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber_event"), Is.Zero);
    }

    [Test]
    public async Task What_the_server_said_is_told()
    {
        await Letters.SendAsync(issue, "permfail1@example.org", Given.Editor, default);
        await SettledAsync("refused");

        var told = (await Letters.LastAsync(issue, 3, default)).Single();
        Assert.That((told.State, told.Email), Is.EqualTo(("refused", "permfail1@example.org")));
        Assert.That(told.Reply, Is.Not.Empty);
    }

    [Test]
    public async Task What_cannot_be_sent_is_not()
    {
        Assert.That(await Letters.SendAsync(issue, "inget", Given.Editor, default), Is.EqualTo(TestAnswer.BadAddress));
        Assert.That(await Letters.SendAsync(4711, "red@example.org", Given.Editor, default), Is.EqualTo(TestAnswer.NoSuchIssue));
        await host.Get<DraftCommands>().SaveAsync(issue, "a1b1", 0, new Dictionary<string, string> { ["body"] = "" }, Given.Editor, default);
        Assert.That(await Letters.SendAsync(issue, "red@example.org", Given.Editor, default), Is.EqualTo(TestAnswer.Unfinished));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM notice"), Is.Zero);
    }

    private Task SettledAsync(string state) => database.UntilAsync($"SELECT EXISTS (SELECT FROM notice WHERE state = '{state}')");

    // Tokens, and the reader's address, are a person's own.
    private static string Same(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, @"/(avsluta|uppgifter|brev)/[\w-]+", "/$1/x").Replace("red@example.org", "x@x")
            .Replace("anna@gransele.example", "x@x").ReplaceLineEndings("\n");
}
