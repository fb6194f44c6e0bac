using System.Text;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class SubjectTests
{
    private static readonly string[] Alphabets =
    [
        "å", "åäö", "🎉", "👩‍👩‍👧", "a🎉ö ", "Möte i Små Kommuner, kl. 9–11: ", "abcdefghi ", "a", "two  spaces ", "=?utf-8?Q?x?= ", "\"q\" (c) <x@y> ",
        "漢字", "€uro_=?",
    ];

    private static readonly string[] Subjects =
        [.. from alphabet in Alphabets from length in Enumerable.Range(1, 300) select Of(alphabet, length) into s where s.Trim().Length > 0 select s];

    private static readonly byte[][] Messages = [.. Subjects.Select(s => SampleLetter.Bytes(SampleLetter.Draft with { Subject = s, Html = null }))];

    [Test]
    public void Every_length_from_1_to_300_is_read_back_by_python()
    {
        var read = PythonEmail.ReadAll(Messages);
        Assert.That(read.Select(mail => mail.Subject), Is.EqualTo(Subjects));
        Assert.That(read.SelectMany(mail => mail.Defects), Is.Empty);
    }

    [Test]
    public void Every_length_is_read_back_by_mutt() => Assert.That(Mutt.ReadSubjects(Messages), Is.EqualTo(Subjects));

    [Test]
    public void Every_length_is_read_back_by_MimeKit() =>
        Assert.That(Messages.Select(message => ReceivedMail.Read(message).Subject), Is.EqualTo(Subjects.Select(s => s.Trim())));

    [Test]
    public void Every_length_keeps_to_the_rules_of_the_wire() => Array.ForEach(Messages, WireRules.AssertKept);

    [Test]
    public void A_plain_subject_is_left_readable() =>
        Assert.That(Encoding.ASCII.GetString(SampleLetter.Bytes(SampleLetter.Draft with { Subject = "Autumn news, 2026 (no. 3)" })),
            Does.Contain("\r\nSubject: Autumn news, 2026 (no. 3)\r\n"));

    [TestCase("a\r\nBcc: x@example.org")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase("a\tb")]
    [TestCase("a\u0085b")]
    [TestCase("  ")]
    public void What_could_start_another_header_is_refused(string subject)
    {
        var refusal = Assert.Throws<MimeException>(() => LetterTemplate.Encode(SampleLetter.Draft with { Subject = subject }));
        Assert.That(refusal!.Field, Is.EqualTo("Subject"));
    }

    [Test]
    public void Half_a_character_is_refused() =>
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(SampleLetter.Draft with { Subject = "half \ud83d emoji" }));

    private static string Of(string alphabet, int length)
    {
        var text = string.Concat(Enumerable.Repeat(alphabet, (length / alphabet.Length) + 1))[..length];
        return char.IsHighSurrogate(text[^1]) ? text[..^1] + "x" : text;
    }
}
