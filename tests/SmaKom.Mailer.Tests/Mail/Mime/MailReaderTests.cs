using System.Text;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class MailReaderTests
{
    private const string Nested = """
        From: =?iso-8859-1?Q?=C5sa?= Ek <asa@example.org>
        To: "Ek, Bo" <bo@example.org>, kansli@example.org (Kansliet), grupp: =?utf-8?B?w5Zq?= <oj@example.org>;
        Subject: =?utf-8?Q?m=C3?= =?utf-8?Q?=B6te?= i
         =?windows-1252?Q?=C5sele?=
        Date: 1 Nov 26 09:00 GMT (morgon)
        Content-Type: multipart/mixed; boundary="yttre"

        ingen läser detta
        --yttre
        Content-Type: multipart/alternative; boundary=inre

        --inre
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        H=E4r =
        =20
        slut
        --inre
        Content-Type: text/html; charset="UTF-8"
        Content-Transfer-Encoding: BASE64

        PGI+w6U8L2I+
        --inre--

        --yttre
        Content-Type: application/pdf; name*=utf-8''%C3%A5rsm%C3%B6te.pdf
        Content-Transfer-Encoding: base64

        JVBERg==
        --yttre
        Content-Type: message/rfc822

        Subject: inne i
        Message-ID: <a@b>

        det inre
        --yttre
        Content-Disposition: attachment; filename*0="del"; filename*1="ad.txt"

        bifogad
        """;

    [TestCase("\n")]
    [TestCase("\r\n")]
    public void A_nested_mail_is_read_with_either_line_end_and_without_its_last_boundary(string lineEnd)
    {
        var mail = Parse(Nested.ReplaceLineEndings(lineEnd));
        Assert.Multiple(() =>
        {
            Assert.That(mail.Subject, Is.EqualTo("möte i Åsele"));
            Assert.That(mail.From, Is.EqualTo(new ReadAddress("Åsa Ek", "asa@example.org")));
            Assert.That(mail.To, Is.EqualTo(new[] { new ReadAddress("Ek, Bo", "bo@example.org"), new("Kansliet", "kansli@example.org"), new("Öj", "oj@example.org") }));
            Assert.That(mail.Date, Is.EqualTo(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero)));
            Assert.That(mail.Text, Is.EqualTo("Här " + " " + lineEnd + "slut"));
            Assert.That(mail.Html, Is.EqualTo("<b>å</b>"));
            Assert.That(mail.Attachments.Select(part => part.FileName), Is.EqualTo(new[] { "årsmöte.pdf", null, "delad.txt" }));
            Assert.That(mail.Attachments[1].Message!.Subject, Is.EqualTo("inne i"));
            Assert.That(mail.Attachments[1].Message!.MessageId, Is.EqualTo("a@b"));
            Assert.That(Encoding.ASCII.GetString(mail.Attachments[0].Content.Span), Is.EqualTo("%PDF"));
            Assert.That(mail.Attachments[2].Text, Is.EqualTo("bifogad"));
        });
    }

    [Test]
    public void Eight_bit_headers_are_read_as_UTF8_and_else_as_Windows_1252()
    {
        Assert.That(Parse("Subject: möte\n\n").Subject, Is.EqualTo("möte"));
        Assert.That(MailReader.Parse(Encoding.Latin1.GetBytes("Subject: möte\n\n")).Subject, Is.EqualTo("möte"));
    }

    [Test]
    public void A_delivery_report_is_read()
    {
        var mail = Parse("""
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: text/plain

            Det gick inte.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; bo@example.org
            Action: failed
            Status: 5.1.1
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <1@natverket.example>
            --b--
            """);
        Assert.Multiple(() =>
        {
            Assert.That(mail.Root.Parameters["report-type"], Is.EqualTo("delivery-status"));
            Assert.That(mail.Root.Parts[1].Text, Does.Contain("Status: 5.1.1"));
            Assert.That(mail.Root.Parts[2].Message!.MessageId, Is.EqualTo("1@natverket.example"));
            Assert.That(mail.Text, Is.EqualTo("Det gick inte."));
        });
    }

    [Test]
    public void Nesting_without_end_stops()
    {
        var bomb = string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 5000));
        var depth = 0;
        for (var mail = Parse(bomb); mail is not null; mail = mail.Root.Message)
            depth++;
        Assert.That(depth, Is.LessThan(30));
    }

    [Test]
    public void A_thousand_parts_are_enough() =>
        Assert.That(Parse("Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", 5000))).Root.Leaves().Count(), Is.LessThanOrEqualTo(1000));

    [TestCase("", "text/plain")]
    [TestCase("no header at all", "text/plain")]
    [TestCase("Content-Type: multipart/mixed\n\nno boundary", "multipart/mixed")]
    [TestCase("Content-Type: nonsense\n\nx", "text/plain")]
    [TestCase("Content-Type: text/html; charset=klingon\n\nå", "text/html")]
    public void What_is_missing_is_taken_as_usual(string message, string type)
    {
        var mail = Parse(message);
        Assert.That(mail.Root.ContentType, Is.EqualTo(type));
        Assert.That(mail.Subject, Is.Empty);
        Assert.That(mail.From, Is.Null);
    }

    internal static ReadMail Parse(string message) => MailReader.Parse(Encoding.UTF8.GetBytes(message));
}
