using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MimeKit;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class ReceivedMailFuzzTests
{
    private static readonly string[] Scraps =
    [
        "\r\n", "\n", "\r", ":", ";", " ", "\t", "=", "==", "=?", "?=", "=?utf-8?Q?", "=?x?B?", "*0*=", "''%", "%C", "\"", "\\", "(", ")", "<", ">",
        ",", "@", "--b", "--b--", "--b\n",
        "Content-Type: multipart/mixed; boundary=b\n\n", "Content-Type: message/rfc822\n\n", "Content-Type: text/plain; charset=utf-16\n\n",
        "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "Content-Disposition: attachment; filename*0*=",
        "From: ", "To: ", "Subject: ", "Date: ", "DKIM-Signature: d=a; s=b; ",
        "31 Feb 2026 25:00 +9999", "1 Jan 9999 23:59:59 -1400", "1 Jan 0 0:0 +1400", "å", "\0", "\u00ff", "🎉", "A", "=C3", "99999999999999999999",
    ];

    [Test]
    public void Nothing_makes_the_reader_throw()
    {
        var message = Gen.OneOf(Gen.Elements(Scraps), Gen.Elements(Scraps), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ListOf()
            .Resize(200)
            .Select(scraps => Encoding.UTF8.GetBytes(string.Concat(scraps)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(message.ToArbitrary(), ReadEverything));
    }

    [Test]
    public void No_damage_to_a_real_letter_makes_the_reader_throw()
    {
        var letter = SampleLetter.Bytes();
        var damage = Gen.Choose(0, letter.Length - 1).Zip(Gen.Choose(0, 255)).ListOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(damage.ToArbitrary(), changes =>
        {
            var damaged = (byte[])letter.Clone();
            foreach (var (at, octet) in changes)
                damaged[at] = (byte)octet;
            ReadEverything(damaged);
        }));
    }

    [TestCase("Subject: ", "=?a?Q?. ")]
    [TestCase("Subject: ", "=?utf-8?Q?a?= ")]
    [TestCase("Subject: ", "a\n ")]
    [TestCase("To: ", "(")]
    [TestCase("From: ", "a@b,")]
    [TestCase("Content-Type: text/plain", "; a=b")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\nSubject: ", "a\n ")]
    [MaxTime(120_000)]
    public void A_header_without_end_is_text_and_one_just_shorter_takes_little_time(string start, string piece)
    {
        string Mail(int length) => start + string.Concat(Enumerable.Repeat(piece, length / piece.Length)) + "\n\n";

        var (shorter, endless) = (Mail(ReceivedMail.MaxHeaderLength - 100), Mail(5_000_000));
        ReadEverything(Encoding.UTF8.GetBytes(shorter));
        Assert.That(ReceivedMailTests.Parse(shorter).TextBody ?? "", Has.Length.LessThan(10));
        Assert.That(ReceivedMailTests.Parse(endless).TextBody, Has.Length.EqualTo(endless.Length));
    }

    private static void ReadEverything(byte[] message)
    {
        var mail = ReceivedMail.Read(message);
        _ = (mail.Subject, mail.From.ToString(), mail.To.ToString(), mail.Date, mail.MessageId, mail.HtmlBody, mail.TextBody);
        foreach (var part in mail.BodyParts)
            _ = (part.ContentType.MimeType, (part as MimePart)?.FileName, (part as TextPart)?.Text, (part as MessagePart)?.Message?.Subject);
        _ = new ReceivedSignatures((_, _) => "p=").Verify(mail, default);
    }
}
