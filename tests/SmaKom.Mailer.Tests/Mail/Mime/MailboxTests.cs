using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class MailboxTests
{
    private static readonly string[] Names =
    [
        "Åsa Öberg", "Öberg, Åsa", "Anna \"Kicki\" Ek", "back\\slash", "a.b", "Ek (kansliet)", "<script>", "name@example.org", "Ångström, Å. \"Ö\"",
        "🎉",
        "=?utf-8?Q?x?=", "Kommunstyrelsens ordförande i Älvsbacka, Åsele fjärdedel och Östra Ämtervik kommun med ett mycket långt namn som viks",
        new('å', 300), new('x', 300), "x", "_under_score_", "O'Neill", "semi;colon: and [brackets]", "Sven, Svea; Sven: \\\"",
    ];

    [Test]
    public void Every_name_is_read_back_by_python_and_by_MimeKit()
    {
        byte[][] messages = [.. Names.Select(name =>
            SampleLetter.Bytes(SampleLetter.Draft with { From = new(name, "a@example.org") },
                SampleLetter.Person with { To = new(name, "b@example.org") }))];
        var python = PythonEmail.ReadAll(messages);
        Assert.Multiple(() =>
        {
            Assert.That(python.Select(mail => mail.From), Is.EqualTo(Names.Select(name => new[] { name, "a@example.org" })));
            Assert.That(python.Select(mail => mail.To), Is.EqualTo(Names.Select(name => new[] { name, "b@example.org" })));
            Assert.That(python.SelectMany(mail => mail.Defects), Is.Empty);
            Assert.That(messages.Select(message => ReceivedMail.Read(message).To.Mailboxes.Select(to => (to.Name, to.Address)).Single()),
                Is.EqualTo(Names.Select(name => (name, "b@example.org"))));
            Array.ForEach(messages, WireRules.AssertKept);
        });
    }

    [TestCase("info@räksmörgås.example", "info@xn--rksmrgs-5wao1o.example")]
    [TestCase("info@Räksmörgås.Example", "info@xn--rksmrgs-5wao1o.example")]
    [TestCase("Info@Example.ORG", "Info@Example.ORG")]
    public void The_domain_is_written_in_A_labels(string address, string written) =>
        Assert.That(new Mailbox(null, address).Address, Is.EqualTo(written));

    [Test]
    public void A_local_part_outside_ASCII_needs_SMTPUTF8()
    {
        Assert.That(new Mailbox(null, "åsa@räksmörgås.example").NeedsSmtpUtf8, Is.True);
        Assert.That(new Mailbox("Åsa", "asa@räksmörgås.example").NeedsSmtpUtf8, Is.False);
    }

    [Test]
    public void Letters_outside_ASCII_before_the_at_are_written_as_they_are() =>
        Assert.That(ReceivedMail.Read(SampleLetter.Bytes(person: SampleLetter.Person with { To = new("Åsa", "åsa@räksmörgås.example") }))
            .To.Mailboxes.Select(to => (to.Name, to.Address)),
            Is.EqualTo(new[] { ("Åsa", "åsa@räksmörgås.example") }));

    [TestCase("")]
    [TestCase("asa")]
    [TestCase("@example.org")]
    [TestCase("asa@")]
    [TestCase("asa@example..org")]
    [TestCase("asa@-example.org")]
    [TestCase("asa@exa mple.org")]
    [TestCase("asa@[127.0.0.1]")]
    [TestCase("a sa@example.org")]
    [TestCase(".asa@example.org")]
    [TestCase("asa.@example.org")]
    [TestCase("a..sa@example.org")]
    [TestCase("a@b@example.org")]
    [TestCase("asa@example.org>\r\nBcc: <x@example.org")]
    [TestCase("asa@example.org\n")]
    [TestCase("a\"sa@example.org")]
    [TestCase("\"a\"sa\"@example.org")]
    [TestCase("\"odd one\"@example.org")]
    [TestCase("root@localhost")]
    [TestCase("asa\u200B@example.org")]
    [TestCase("asa@exam\u00ADple.org")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org")]
    public void What_is_no_address_is_refused(string address) => Assert.Throws<MimeException>(() => _ = new Mailbox(null, address));

    [TestCase("a\r\nBcc: x@example.org")]
    [TestCase("a\rb")]
    [TestCase("a\0")]
    [TestCase("a\u2028b")]
    [TestCase("a\u007fb")]
    public void A_control_in_a_name_is_refused_and_said_which(string name) =>
        Assert.That(Assert.Throws<MimeException>(() => _ = new Mailbox(name, "asa@example.org"))!.Message, Does.StartWith("name: character 2 is "));
}
