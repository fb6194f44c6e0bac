using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// Kim forwards a letter, and a friend follows its link: from the program's button, from the page, from the letter in the browser. Nobody can tell
/// the friend from Kim, so Kim is told by mail each time, what and when, and takes it back with one button.
/// </summary>
public sealed class ForwardedLetterTests
{
    [Test]
    public async Task The_owner_of_a_forwarded_letter_is_told_and_takes_back_what_a_friend_did()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, Given.Relay(relay));
        var kim = await database.SubscriberAsync("kim@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        Assert.That(relay.Messages[0].Text, Does.Not.Contain("mailto:avsluta"), "no mailbox is named that nobody reads");
        var leave = relay.Messages[0].LinkTo("/avsluta/");
        using var friend = new PageReader(host.Url);
        using var machine = new HttpClient { BaseAddress = new Uri(host.Url) };

        var copy = await friend.GetAsync(relay.Messages[0].LinkTo("/brev/"));
        Assert.That(copy.QuerySelectorAll("a[href*='/avsluta/'], a[href*='/uppgifter/']"), Is.Empty, "the letter in the browser has no such link");
        await machine.PostAsync(leave, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        await relay.WaitFor(2);
        var receipt = ReceivedMail.Read(relay.Messages[1].Bytes);
        Assert.That(receipt.TextBody!.ReplaceLineEndings(" "), Does.Match("avslutades \\w+dag \\d+ [a-z]+ \\d{4} kl\\.").And.Contain("Var det inte du?"));

        using var owner = new PageReader(host.Url);
        await UndoAsync(owner, relay.Messages[1].LinkTo("/avsluta/"));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));

        // The friend tries again, on the page. Kim has had a receipt today: the next one waits, and is not left out.
        await friend.SubmitAsync(await friend.GetAsync(leave), "main form", ("knapp", "avsluta"));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("unsubscribed"));
        Assert.That(await WaitingAsync(database), Is.EqualTo(1));
        // Off and on again all day long: never more than one waits.
        for (var i = 0; i < 3; i++)
        {
            await UndoAsync(friend, leave);
            Assert.That(await WaitingAsync(database), Is.Zero, "there is nothing to tell");
            await friend.SubmitAsync(await friend.GetAsync(leave), "main form", ("knapp", "avsluta"));
        }

        Assert.That(await WaitingAsync(database), Is.EqualTo(1));
        await database.ExecuteAsync("UPDATE notice SET next_attempt_at = next_attempt_at - interval '1 day'; NOTIFY mailer");
        await relay.WaitFor(3);
        await UndoAsync(owner, relay.Messages[2].LinkTo("/avsluta/"));
        Assert.That(await database.StatusAsync(kim), Is.EqualTo("active"));
    }

    private static async Task UndoAsync(PageReader reader, string link) =>
        await reader.SubmitAsync(await reader.GetAsync(link), ".status form", ("knapp", "angra"));

    private static Task<long> WaitingAsync(TestDatabase database) => database.ScalarAsync<long>(
        "SELECT count(*) FROM notice WHERE kind = 'unsubscribe_receipt' AND state = 'waiting' AND next_attempt_at > now() + interval '23 hours'");
}
