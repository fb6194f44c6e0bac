using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>A reply that has come counts, whatever follows it; and one odd reply is one person's.</summary>
public sealed class SmtpOddRepliesTests(SmtpClientKind client, bool pipelining, bool chunking) : SmtpConnectionFixture(client, pipelining, chunking)
{
    [TestCase("RCPT", "550 5.1.1 no such user", "RCPT TO")]
    [TestCase("RCPT", "450 4.2.1 not now", "RCPT TO")]
    [TestCase("MAIL", "552 5.3.4 too large", "MAIL FROM")]
    [TestCase("MAIL", "451 4.4.3 cannot look up", "MAIL FROM")]
    public async Task Refused_and_hung_up_on_is_refused_with_the_servers_words(string at, string said, string stage)
    {
        Relay.Options = Relay.Options with { Faults = [new(at, FakeRelayAct.AnswerAndClose, Times: 1, Reply: said)] };
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "dod@example.org");

        Assert.That((result.Status, result.Stage, $"{result.Reply}"),
            Is.EqualTo((said[0] == '5' ? SendStatus.Refused : SendStatus.Deferred, stage, said)));
    }

    [TestCase("550 5.1.1 no such user", SendStatus.Refused)]
    [TestCase("450 4.2.1 not now", SendStatus.Deferred)]
    public async Task Refused_and_hung_up_on_when_announced_costs_neither_it_nor_the_next_anything(string said, SendStatus status)
    {
        Relay.Options = Relay.Options with { Faults = [new("RCPT", FakeRelayAct.AnswerAndClose, Skip: 1, Times: 1, Reply: said)] };
        var connection = await ConnectAsync();
        var results = new List<SendStatus>();
        string[] people = ["anna@example.org", "dod@example.org", "bo@example.org"];
        for (var i = 0; i < people.Length; i++)
        {
            if (!connection.IsUsable)
            {
                await connection.DisposeAsync();
                connection = await ConnectAsync();
            }
            results.Add((await SendAsync(connection, people[i], next: people.ElementAtOrDefault(i + 1))).Status);
        }
        await connection.DisposeAsync();

        Assert.That(results, Is.EqualTo(new[] { SendStatus.Accepted, status, SendStatus.Accepted }));
        Assert.That(Relay.Messages.Select(message => message.Recipient), Is.EqualTo(new[] { "anna@example.org", "bo@example.org" }));
        Assert.That(Relay.Connections, Is.EqualTo(2));
    }

    [TestCase("body", "550 5.1.1 no such user", SendStatus.Refused)]
    [TestCase(".", "550 5.1.1 no such user", SendStatus.Refused)]
    [TestCase("body", "552 5.3.4 too large", SendStatus.Refused)]
    [TestCase(".", "552 5.3.4 too large", SendStatus.Refused)]
    [TestCase("body", "451 4.3.0 not now", SendStatus.Deferred)]
    [TestCase(".", "451 4.3.0 not now", SendStatus.Deferred)]
    public async Task Refused_at_the_body_or_its_end_and_hung_up_on_is_refused(string at, string said, SendStatus status)
    {
        Relay.Options = Relay.Options with { Faults = [new(at == "body" ? BodyCommand : ".", FakeRelayAct.AnswerAndClose, Times: 1, Reply: said)] };
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "dod@example.org", next: "bo@example.org");

        Assert.That((result.Status, $"{result.Reply}"), Is.EqualTo((status, said)));
    }

    [TestCase("252 2.5.0 cannot verify but will try")]
    [TestCase("251 2.1.5 will forward")]
    [TestCase("299 odd")]
    [TestCase("250-2.1.5 fine\r\n250 2.1.5 so")]
    [TestCase("550-5.1.1 perhaps not\r\n250 2.1.5 yet here")]
    public async Task Any_2xx_takes_the_recipient(string said)
    {
        Relay.Options = Relay.Options with { Faults = [new("RCPT", FakeRelayAct.Say, Times: 1, Reply: said)] };
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "tva@example.org");

        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(Relay.Messages.Single().Recipient, Is.EqualTo("tva@example.org"));
    }

    [TestCase("250-2.1.5 perhaps\r\n550 5.1.1 no such user", SendStatus.Refused, 550)]
    [TestCase("550-5.1.1 perhaps not\r\n450 4.2.1 not now", SendStatus.Deferred, 450)]
    [TestCase("354 go on", SendStatus.Deferred, 354)]
    [TestCase("503 5.5.1 out of step", SendStatus.Refused, 503)]
    [TestCase("hej på dig", SendStatus.Deferred, 451)]
    public async Task Odd_reply_to_one_person_is_that_persons(string said, SendStatus status, int code)
    {
        Relay.Options = Relay.Options with { Faults = [new("RCPT", FakeRelayAct.Answer, Times: 1, Reply: said)] };
        await using var connection = await ConnectAsync();

        var result = await SendAsync(connection, "anna@example.org");

        Assert.That((result.Status, result.Stage, result.Reply!.Code), Is.EqualTo((status, "RCPT TO", code)));
    }

    [TestCase("550-5.7.1 one\r\n554 5.7.1 two", SendStatus.Refused)]
    [TestCase("451-4.3.0 one\r\n250 2.0.0 two", SendStatus.Accepted)]
    public async Task Two_codes_in_the_reply_to_the_letter_count_by_the_last(string said, SendStatus status)
    {
        Relay.Options = Relay.Options with { Faults = [new(".", FakeRelayAct.Answer, Times: 1, Reply: said)] };
        await using var connection = await ConnectAsync();

        Assert.That((await SendAsync(connection, "anna@example.org")).Status, Is.EqualTo(status));
    }
}
