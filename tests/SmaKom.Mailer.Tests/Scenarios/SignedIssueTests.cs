using System.Text.RegularExpressions;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Tests.Mail.Dkim;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>Every letter of a whole issue, as it came out of the socket, before verifiers that share no code with ours.</summary>
public sealed class SignedIssueTests
{
    private const int Audience = 60;
    private string key = "";
    private IReadOnlyList<FakeRelayMessage> letters = [];

    [OneTimeSetUp]
    public async Task SendTheNovemberIssue()
    {
        key = Path.GetTempFileName();
        await File.WriteAllTextAsync(key, SampleKey.Pem);
        await using var database = await TestDatabase.CreateAsync();
        await database.SentIssuesAsync();
        await database.SubscribersAsync(Audience - 3);
        await database.SubscriberAsync("åsa.öberg@räksmörgås.example");
        await database.SubscriberAsync("medborgare@gransele.example", LegalBasis.Consent);
        await database.ExecuteAsync("UPDATE subscriber SET name = 'Åsa \"Sö\" Öberg, ordförande' WHERE id % 7 = 0");
        await database.SubscriberAsync("bara.text@gransele.example");
        await database.ExecuteAsync("UPDATE subscriber SET format = 'text', language = 'en' WHERE email LIKE 'bara%'");
        var issue = await database.ScalarAsync<int>(
            "UPDATE issue SET state = 'queued', scheduled_at = now(), started_at = NULL, finished_at = NULL WHERE slug = '2026-11' RETURNING id");
        await using var relay = new FakeRelay();
        await using var host = await TestHost.StartAsync(database, [.. Given.Relay(relay), ("Dkim:PrivateKeyFile", key), ("Dkim:Selector", "test"),
            ("Sender:UnsubscribeMailbox", "avsluta+brev@smakom.example")]);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        letters = relay.Messages;
    }

    [OneTimeTearDown]
    public void RemoveKey() => File.Delete(key);

    [Test]
    public void Both_verifiers_accept_every_letter()
    {
        Assert.That(letters, Has.Count.EqualTo(Audience));
        foreach (var (name, verify) in OutsideVerifiers.All)
            Assert.That(verify([.. letters.Select(l => l.Bytes)], SampleKey.Record), Is.All.EqualTo("pass"), name);
    }

    [Test]
    public void Both_verifiers_refuse_every_letter_with_one_byte_of_its_body_changed()
    {
        var changed = letters.Select(l => ChangeLastLetter(l.Bytes)).ToList();

        foreach (var (name, verify) in OutsideVerifiers.All)
            Assert.That(verify(changed, SampleKey.Record), Is.All.EqualTo("fail"), name);
    }

    [Test]
    public void The_signature_covers_what_one_click_and_the_reader_rely_on()
    {
        var header = letters[0].Text.Split("\r\n\r\n")[0];
        var signed = Regex.Match(header, "\\bh=([^;]+);").Groups[1].Value.ToLowerInvariant().Split(':', StringSplitOptions.TrimEntries);

        Assert.That(signed, Is.SupersetOf(
            new[] { "from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id",
                "content-type", "mime-version" }));
        foreach (var oversigned in new[] { "from", "to", "subject", "date", "content-type", "list-unsubscribe", "list-unsubscribe-post" })
            Assert.That(signed.Count(name => name == oversigned), Is.EqualTo(2), oversigned);
    }

    [Test]
    public void Who_wants_to_leave_by_mail_finds_the_mailbox_and_their_token_behind_the_one_link()
    {
        foreach (var letter in letters)
        {
            var field = Regex.Match(letter.Text, "^List-Unsubscribe: (.*(?:\\r\\n[ \\t].*)*)\\r$", RegexOptions.Multiline).Groups[1].Value;
            var addresses = Regex.Match(field, "^<(https?://[^>]+/avsluta/([\\w-]{44}))>,\\r\\n <mailto:avsluta%2Bbrev@smakom\\.example\\?subject=([\\w-]{44})>$");
            Assert.That(addresses.Success, field);
            Assert.That(addresses.Groups[3].Value, Is.EqualTo(addresses.Groups[2].Value));
        }
    }

    [Test]
    public void Message_ids_are_unique_and_of_the_senders_domain()
    {
        var ids = letters.Select(l => l.Text.Split("\r\n").Single(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase)))
            .ToList();

        Assert.That(ids, Is.Unique);
        Assert.That(ids, Is.All.EndsWith("@smakom.example>"));
    }

    private static byte[] ChangeLastLetter(byte[] letter)
    {
        var changed = letter.ToArray();
        var body = letter.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var at = changed.AsSpan(body).LastIndexOf((byte)'e') + body;
        changed[at] = (byte)'a';
        return changed;
    }
}
