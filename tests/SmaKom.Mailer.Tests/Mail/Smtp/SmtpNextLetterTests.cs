using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>
/// Letters one after another on a connection: the next one is announced, changed or missing, and servers close by habit or in anger.
/// </summary>
public sealed class SmtpNextLetterTests(SmtpClientKind client, bool pipelining, bool chunking) : SmtpConnectionFixture(client, pipelining, chunking)
{
    [Test]
    public async Task Refused_recipient_that_was_announced_costs_nobody_else()
    {
        await using var connection = await ConnectAsync();
        string[] people = ["anna@example.org", "permfail@example.org", "bo@example.org", "tempfail@example.org", "cia@example.org"];

        var results = new List<SendStatus>();
        for (var i = 0; i < people.Length; i++)
            results.Add((await SendAsync(connection, people[i], next: people.ElementAtOrDefault(i + 1))).Status);

        Assert.That(results,
            Is.EqualTo(new[] { SendStatus.Accepted, SendStatus.Refused, SendStatus.Accepted, SendStatus.Deferred, SendStatus.Accepted }));
        Assert.That(Relay.Messages.Select(m => m.Recipient), Is.EqualTo(new[] { "anna@example.org", "bo@example.org", "cia@example.org" }));
    }

    [Test]
    public async Task Another_letter_than_the_announced_one_arrives_alone()
    {
        await using var connection = await ConnectAsync();

        await SendAsync(connection, "anna@example.org", next: "bo@example.org");
        var result = await SendAsync(connection, "cia@example.org");

        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(Relay.Messages.Select(m => m.Recipient), Is.EqualTo(new[] { "anna@example.org", "cia@example.org" }));
        Assert.That(Relay.Messages.Select(m => m.Recipients.Count), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Announced_letter_that_never_comes_is_not_sent()
    {
        var connection = await ConnectAsync();
        await SendAsync(connection, "anna@example.org", next: "bo@example.org");

        await connection.DisposeAsync();
        await Relay.WaitForQuiet();

        Assert.That(Relay.Messages.Select(m => m.Recipient), Is.EqualTo(new[] { "anna@example.org" }));
    }

    [Test]
    public async Task Server_that_closes_after_its_share_of_letters_costs_nobody_anything([Values] bool withAWord)
    {
        Relay.Options = withAWord
            ? Relay.Options with { CloseAfterMessages = 2 }
            : Relay.Options with { Faults = [new("MAIL", FakeRelayAct.Drop, Skip: 2, Times: 1), new("MAIL", FakeRelayAct.Drop, Skip: 5, Times: 1)] };
        await using var connection = await ConnectAsync();

        for (var i = 0; i < 5; i++)
            Assert.That((await SendAsync(connection, $"p{i}@example.org", next: $"p{i + 1}@example.org")).Status, Is.EqualTo(SendStatus.Accepted));

        Assert.That(Relay.Messages.Select(m => m.Recipient), Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"p{i}@example.org")));
        Assert.That(Relay.Connections, Is.EqualTo(3));
    }

    [Test]
    public async Task Slow_down_at_the_next_letter_is_not_taken_for_a_habit()
    {
        Relay.Options = Relay.Options with { Faults = [new("MAIL", FakeRelayAct.Answer, Skip: 1, Reply: "421 4.7.28 too fast")] };
        await using var connection = await ConnectAsync();
        await SendAsync(connection, "anna@example.org");

        var failure = Assert.ThrowsAsync<RelayException>(() => SendAsync(connection, "bo@example.org"))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.ServiceClosing));
        Assert.That(Relay.Connections, Is.EqualTo(1));
    }
}
