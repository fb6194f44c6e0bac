using System.Text;
using MimeKit;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class ReceivedMailTests
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
            Assert.That(mail.From.Mailboxes.Select(from => (from.Name, from.Address)), Is.EqualTo(new[] { ("Åsa Ek", "asa@example.org") }));
            Assert.That(mail.To.Mailboxes.Select(to => (to.Name, to.Address)),
                Is.EqualTo(new[] { ("Ek, Bo", "bo@example.org"), ("Kansliet", "kansli@example.org"), ("Öj", "oj@example.org") }));
            Assert.That(mail.Date, Is.EqualTo(new DateTimeOffset(2026, 11, 1, 9, 0, 0, TimeSpan.Zero)));
            Assert.That(mail.TextBody, Is.EqualTo("Här " + " " + "\n" + "slut"));
            Assert.That(mail.HtmlBody, Is.EqualTo("<b>å</b>"));
            Assert.That(mail.BodyParts.OfType<MimePart>().Select(part => part.FileName),
                Is.EqualTo(new[] { null, null, "årsmöte.pdf", "delad.txt" }));
            Assert.That(mail.BodyParts.OfType<MessagePart>().Single().Message!.Subject, Is.EqualTo("inne i"));
            Assert.That(mail.Attachments.OfType<TextPart>().Single().Text, Is.EqualTo("bifogad"));
        });
    }

    [Test]
    public void Eight_bit_headers_are_read_as_UTF8_and_else_as_Latin_1()
    {
        Assert.That(Parse("Subject: möte\n\n").Subject, Is.EqualTo("möte"));
        Assert.That(ReceivedMail.Read(Encoding.Latin1.GetBytes("Subject: möte\n\n")).Subject, Is.EqualTo("möte"));
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
            var report = (MultipartReport)mail.Body!;
            Assert.That(report.ReportType, Is.EqualTo("delivery-status"));
            Assert.That(report.OfType<MessageDeliveryStatus>().Single().StatusGroups[1]["Status"], Is.EqualTo("5.1.1"));
            Assert.That(report.OfType<TextRfc822Headers>().Single().Message!.MessageId, Is.EqualTo("1@natverket.example"));
            Assert.That(mail.TextBody, Is.EqualTo("Det gick inte."));
        });
    }

    [TestCase("windows-1252", "pris: 5 €")]
    [TestCase("shift_jis", "キジトラ")]
    [TestCase("koi8-r", "привет")]
    [TestCase("iso-8859-4", "Šķūņu")]
    public void Old_charsets_are_read(string charset, string text)
    {
        var octets = CodePagesEncodingProvider.Instance.GetEncoding(charset)!.GetBytes(text);

        Assert.That(ReceivedMail.Read([.. Encoding.ASCII.GetBytes($"Content-Type: text/plain; charset={charset}\n\n"), .. octets]).TextBody,
            Is.EqualTo(text));
    }

    [Test]
    public void An_unknown_or_wrong_charset_hides_no_ASCII() => Assert.Multiple(() =>
    {
        Assert.That(Parse("Content-Type: text/plain; charset=klingon\n\nmöte").TextBody, Is.EqualTo("möte"));
        Assert.That(ReceivedMail.Read([.. "Content-Type: text/plain; charset=utf-8\n\nm"u8, 0xF6, .. "te"u8]).TextBody,
            Does.StartWith("m").And.EndWith("te"));
    });

    [Test]
    public void Nesting_without_end_stops()
    {
        var depth = 0;
        for (var mail = Parse(string.Concat(Enumerable.Repeat("Content-Type: message/rfc822\n\n", 500))); mail is not null; mail = (
            mail.Body as MessagePart)?.Message)
            depth++;
        Assert.That(depth, Is.InRange(10, ReceivedMail.MaxDepth + 1));
    }

    [Test]
    public void Multiparts_without_end_stop_too()
    {
        var depth = 0;
        for (MimeEntity? part = Parse(
            string.Concat(Enumerable.Range(0, 500).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")))
            .Body; part is not null; part = (part as Multipart)?.FirstOrDefault())
            depth++;
        Assert.That(depth, Is.InRange(10, ReceivedMail.MaxDepth + 1));
    }

    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 3_000_000, Description = "parts")]
    [TestCase("", "a:b\n", 5_000_000, Description = "headers")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "a:b\n", 5_000_000, Description = "headers of a part")]
    [MaxTime(120_000)]
    public void A_mail_of_too_many_pieces_is_text_and_takes_no_more_memory_than_its_size(string start, string piece, int count)
    {
        var bytes = Encoding.ASCII.GetBytes(start + string.Concat(Enumerable.Repeat(piece, count)));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var mail = ReceivedMail.Read(bytes);

        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(20_000_000));
        Assert.That(mail.Headers, Is.Empty);
        Assert.That(mail.TextBody, Does.StartWith(start + piece).And.Length.EqualTo(bytes.Length));
    }

    [TestCase("", "text/plain", "")]
    [TestCase("no header at all", "text/plain", "no header at all")]
    [TestCase("Content-Type: multipart/mixed\n\nno boundary", "multipart/mixed", null)]
    [TestCase("Content-Type: nonsense\n\nx", "application/octet-stream", null)]
    [TestCase("Content-Type: text/html; charset=klingon\n\nå", "text/html", null)]
    public void What_is_missing_is_taken_as_usual(string message, string type, string? text)
    {
        var mail = Parse(message);
        Assert.That(mail.Body!.ContentType.MimeType, Is.EqualTo(type));
        Assert.That(mail.Subject, Is.Null.Or.Empty);
        Assert.That(mail.From, Is.Empty);
        Assert.That(mail.Date, Is.EqualTo(default(DateTimeOffset)));
        Assert.That(mail.TextBody, Is.EqualTo(text));
    }

    internal static MimeMessage Parse(string message) => ReceivedMail.Read(Encoding.UTF8.GetBytes(message));
}
