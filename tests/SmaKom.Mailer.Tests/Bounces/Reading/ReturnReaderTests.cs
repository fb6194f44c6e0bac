using System.Text;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>A mail that came back says what it is, whom it is about and which letter it gives back.</summary>
public sealed class ReturnReaderTests
{
    [TestCaseSource(typeof(SampleReturns), nameof(SampleReturns.All))]
    public void Each_family_and_each_trap_is_read(object sample)
    {
        var (mail, expected) = (ReturnReader.Read(((SampleReturn)sample).Mail, CancellationToken.None), (SampleReturn)sample);
        var first = mail.Recipients.FirstOrDefault();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mail.Kind, Is.EqualTo(expected.Kind));
            Assert.That(first?.Class ?? BounceClass.NotABounce, Is.EqualTo(expected.Class), first?.Rule);
            if (first is not null) Assert.That(first.Address, Is.EqualTo("anna@bjurholm.example"));
            Assert.That(mail.SentTo, Does.Contain(SampleReturns.ReturnPath));
            Assert.That(mail.HasLeft, Is.False);
        }
    }

    [TestCase("Postfix: unknown")]
    [TestCase("qmail: unknown")]
    [TestCase("Exim: unrouteable")]
    [TestCase("Yahoo: full")]
    [TestCase("A complaint")]
    public void The_letter_that_is_given_back_is_named(string name)
    {
        var mail = Read(name);
        Assert.That(mail.MessageIds, Is.EqualTo([SampleReturns.MessageId]));
        Assert.That(mail.ReturnPaths, Does.Contain(SampleReturns.ReturnPath));
    }

    [Test]
    public void Codes_words_and_headers_are_kept()
    {
        var mail = Read("Postfix: unknown");
        Assert.That(mail.Recipients.Single(), Is.EqualTo(new ReturnedRecipient("anna@bjurholm.example", BounceClass.Hard,
            new EnhancedCode(5, 1, 1), 550,
            "550 5.1.1 <anna@bjurholm.example>: Recipient address rejected: User unknown in virtual mailbox table", false, "unknown")));
        Assert.That((mail.Subject, mail.From, mail.Date), Is.EqualTo(("Undelivered Mail Returned to Sender", "MAILER-DAEMON@relay.example.org",
            new DateTimeOffset(2026, 11, 2, 7, 0, 5, TimeSpan.FromHours(1)))));
        Assert.That(Read("Two people").Recipients.Select(one => (one.Address, one.Class)),
            Is.EqualTo([("anna@bjurholm.example", BounceClass.Hard), ("bo@bjurholm.example", BounceClass.NotABounce)]));
    }

    [TestCase("Postfix: no such domain", true)]
    [TestCase("Postfix: nobody answers for five days", true)]
    [TestCase("Null MX", true)]
    [TestCase("Postfix: unknown", false)]
    [TestCase("Postfix: full", false)]
    public void A_domains_fault_is_the_domains(string name, bool isOfDomain) =>
        Assert.That(Read(name).Recipients.Single().IsOfDomain, Is.EqualTo(isOfDomain));

    [Test]
    public void Words_are_one_short_line()
    {
        var judged = ReturnReader.Judge(null, null, 550, "550-a\r\n550 " + string.Concat(Enumerable.Repeat("å😀", 5000)));
        Assert.That(judged.Words, Has.Length.LessThanOrEqualTo(500));
        Assert.That(judged.Words, Does.StartWith("550-a 550 å😀").And.Not.Contains("\n"));
    }

    [Test]
    public void What_is_more_than_a_mail_is_refused()
    {
        static string Nested(int depth) =>
            string.Concat(Enumerable.Range(0, depth).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")) + "\nhej\n";
        static void Refused(string mail) =>
            Assert.That(() => ReturnReader.Read(Encoding.UTF8.GetBytes(mail), CancellationToken.None), Throws.InstanceOf<FormatException>());

        Refused("Subject: a\n\n" + new string('a', 1_100_000));
        Refused(Nested(22));
        Refused("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\na\n", 1001)));
        Refused("Subject: " + new string('a', 70_000) + "\n\n");
        Assert.That(ReturnReader.Read(Encoding.UTF8.GetBytes(Nested(18)), CancellationToken.None).Kind, Is.EqualTo(ReturnKind.Other));
        Refused("");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(() => ReturnReader.Read(SampleReturns.All[0].Mail, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    private static ReturnedMail Read(string name) =>
        ReturnReader.Read(SampleReturns.All.Single(one => one.Name == name).Mail, CancellationToken.None);
}
