using System.Buffers;
using System.Net;
using System.Text;
using SmaKom.Mailer.Mail.Mime;
using static SmaKom.Mailer.Tests.Mail.Mime.SampleLetter;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class LetterTemplateTests
{
    private static readonly string[] AwkwardTexts =
    [
        "", " ", "  ", "a ", " a", ".", "..", ".\r\n.", "From here", "=", "=3D", "==", "=\r\n", "a\tb\t", "--=_", "<b>&amp;\"'", "å", new('å', 100),
        new('x', 500),
        new(' ', 200), string.Concat(Enumerable.Repeat("🎉", 60)), "rad ett\nrad två\r\nrad tre\rrad fyra", "\n\n", "x\n", "a \n b", "\0\u0001\u007f",
        "slut =", "smiley 🙂.",
        "\u00ad\u200b\u202e", new('.', 160), string.Concat(Enumerable.Repeat("From ", 40)),
    ];

    [Test]
    public void Any_text_comes_back_exactly_but_for_line_ends()
    {
        byte[][] messages = [.. AwkwardTexts.Select(text => Bytes(Draft with { Text = $"{text}|\n{text}|{text}\nx", Html = $"{text}|\n" }))];
        var read = PythonEmail.ReadAll(messages);
        Assert.Multiple(() =>
        {
            Assert.That(read.Select(mail => mail.Bodies[0]), Is.EqualTo(AwkwardTexts.Select(text => Lines($"{text}|\n{text}|{text}\nx\n"))));
            Assert.That(read.Select(mail => mail.Bodies[1]), Is.EqualTo(AwkwardTexts.Select(text => Lines($"{text}|\n"))));
            Assert.That(messages.Select(message => ReceivedMail.Read(message).TextBody!.Replace("\r\n", "\n")),
                Is.EqualTo(read.Select(mail => mail.Bodies[0].Replace("\r\n", "\n"))));
            Assert.That(read.SelectMany(mail => mail.Defects), Is.Empty);
            Array.ForEach(messages, WireRules.AssertKept);
        });
    }

    [Test]
    public void Any_value_of_a_text_slot_comes_back_encoded_for_its_part()
    {
        byte[][] messages = [.. AwkwardTexts.Select(WithValue)];
        var read = PythonEmail.ReadAll(messages);
        Assert.Multiple(() =>
        {
            Assert.That(read.Select(mail => mail.Bodies[0]), Is.EqualTo(AwkwardTexts.Select(text => Lines($"a\n{text}\nb\n"))));
            Assert.That(read.Select(mail => WebUtility.HtmlDecode(mail.Bodies[1])),
                Is.EqualTo(AwkwardTexts.Select(text => Lines($"<p>{text}</p>\n"))));
            Assert.That(read.Select(mail => mail.Bodies[1]), Has.All.Not.Contains("<b>"));
            Array.ForEach(messages, WireRules.AssertKept);
        });
    }

    [Test]
    public void A_letter_has_its_headers_in_order_and_plain_text_first()
    {
        var mail = PythonEmail.Read(Bytes(Draft with { ReplyTo = new Mailbox(null, "svar@natverket.example") }));
        Assert.Multiple(() =>
        {
            Assert.That(string.Join(' ', mail.Headers.Keys), Is.EqualTo(
                "From To Subject Date Message-ID Reply-To List-Id List-Unsubscribe List-Unsubscribe-Post Precedence MIME-Version Content-Type"));
            Assert.That(mail.Types, Is.EqualTo(new[] { "multipart/alternative", "text/plain", "text/html" }));
            Assert.That(mail.Date, Is.EqualTo("2026-11-01T09:00:00+01:00"));
            Assert.That(mail.MessageId, Is.EqualTo("<1.42@natverket.example>"));
            Assert.That(mail.To, Is.EqualTo(new[] { "Åsa Öberg", "asa@example.org" }));
            Assert.That(mail.Bodies[1], Does.StartWith("<p>Hej Åsa!</p>\r\n<p><a href=\"https://natverket.example/avsluta/dG9rZW4-_1\">"));
            Assert.That(mail.Defects, Is.Empty);
        });
    }

    [Test]
    public void Without_html_the_letter_is_plain_text()
    {
        var mail = PythonEmail.Read(Bytes(Draft with { Html = null }));
        Assert.That(mail.Types, Is.EqualTo(new[] { "text/plain" }));
        Assert.That(mail.Bodies[0], Does.StartWith("Hej Åsa!\r\n"));
    }

    [TestCase(-210, "-0330")]
    [TestCase(0, "+0000")]
    [TestCase(120, "+0200")]
    public void The_date_carries_its_own_offset(int minutes, string written)
    {
        var date = new DateTimeOffset(2026, 7, 5, 23, 4, 5, TimeSpan.FromMinutes(minutes));
        Assert.That(Encoding.ASCII.GetString(Bytes(person: Person with { Date = date })),
            Does.Contain($"\r\nDate: Sun, 05 Jul 2026 23:04:05 {written}\r\n"));
    }

    [Test]
    public void The_same_letter_has_the_same_bytes_also_after_storage()
    {
        var stored = LetterTemplate.FromBytes(LetterTemplate.Encode(Draft).ToBytes());
        var again = new ArrayBufferWriter<byte>();
        stored.Splice(Person, again);
        Assert.That(again.WrittenSpan.ToArray(), Is.EqualTo(Bytes()));
        Assert.That(stored.Slots, Is.EqualTo(Draft.Slots));
    }

    [Test]
    public void Markers_leave_no_trace() => Assert.That(Encoding.ASCII.GetString(Bytes()), Does.Not.Contain("n0nce"));

    [Test]
    public void Splicing_allocates_nothing()
    {
        var template = LetterTemplate.Encode(Draft with { Html = new string('ö', 20_000) });
        var output = new ArrayBufferWriter<byte>();
        var person = Person;
        template.Splice(person, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            output.ResetWrittenCount();
            template.Splice(person, output);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_marker_without_a_declared_slot_is_refused() =>
        Assert.That(() => LetterTemplate.Encode(Draft with { Slots = [new Slot("token", SlotKind.Token)] }),
            Throws.TypeOf<MimeException>().With.Message.EqualTo("text/plain: uses the slot “name”, which is not declared"));

    [Test]
    public void A_subject_or_sender_cannot_be_personal()
    {
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(Draft with { Subject = "Hej " + Markers["name"] }));
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(Draft with { From = new Mailbox(Markers["name"], "a@example.org") }));
    }

    [TestCase("a b")]
    [TestCase("a>")]
    [TestCase("å")]
    [TestCase("a\r\n")]
    [TestCase("a=b")]
    public void A_token_that_is_not_URL_safe_is_refused_before_anything_is_written(string token)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(Draft).Splice(Person with { SlotValues = [token, "Åsa"] }, output));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [TestCase("")]
    [TestCase("no-at")]
    [TestCase("<a@b>")]
    [TestCase("a@b\r\nX: y")]
    [TestCase("a b@c")]
    [TestCase("a@")]
    public void A_malformed_Message_ID_is_refused(string id) => Assert.Throws<MimeException>(() => Bytes(person: Person with { MessageId = id }));

    [Test]
    public void The_number_of_values_must_fit()
    {
        Assert.Throws<MimeException>(() => Bytes(person: Person with { SlotValues = ["t"] }));
        Assert.Throws<MimeException>(() => Bytes(person: Person with { To = default }));
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\n", "\r\n");
}
