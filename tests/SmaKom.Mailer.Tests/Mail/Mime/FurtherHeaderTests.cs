using SmaKom.Mailer.Mail.Mime;
using static SmaKom.Mailer.Tests.Mail.Mime.SampleLetter;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class FurtherHeaderTests
{
    [Test]
    public void Tokens_are_filled_in_and_long_values_folded_at_spaces()
    {
        var token = new string('t', LetterTemplate.MaxTokenLength);
        var message = Bytes(person: Person with { SlotValues = [token, "Åsa"] });
        WireRules.AssertKept(message);
        Assert.That(PythonEmail.Read(message).Headers["List-Unsubscribe"],
            Is.EqualTo($"<https://natverket.example/avsluta/{token}>, <mailto:avsluta+{token}@natverket.example?subject=avsluta>"));
    }

    [TestCase("Subject", "a")]
    [TestCase("to", "a@example.org")]
    [TestCase("Bcc", "a@example.org")]
    [TestCase("Content-Type", "text/html")]
    [TestCase("DKIM-Signature", "v=1")]
    [TestCase("", "a")]
    [TestCase("X Y", "a")]
    [TestCase("X:", "a")]
    [TestCase("X-Å", "a")]
    [TestCase("X-A", "")]
    [TestCase("X-A", "a\r\nBcc: x@example.org")]
    [TestCase("X-A", "a\nb")]
    [TestCase("List-Id", "lista <nyhetsbrev.smakom.example>")]
    [TestCase("X-A", "Småkom")]
    public void What_does_not_belong_is_refused(string name, string value) =>
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(Draft with { Headers = [(name, value)] }));

    [Test]
    public void A_header_given_twice_is_refused() =>
        Assert.That(() => LetterTemplate.Encode(Draft with { Headers = [("X-A", "1"), ("x-a", "2")] }),
            Throws.TypeOf<MimeException>().With.Message.EqualTo("x-a: is given twice"));

    [Test]
    public void A_text_slot_in_a_header_is_refused() =>
        Assert.That(() => LetterTemplate.Encode(Draft with { Headers = [("X-A", Markers["name"])] }),
            Throws.TypeOf<MimeException>().With.Message.Contains("only tokens"));

    [Test]
    public void A_word_too_long_for_a_line_is_refused() =>
        Assert.Throws<MimeException>(() => LetterTemplate.Encode(Draft with { Headers = [("X-A", new string('x', 999))] }));
}
