using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

public sealed class EmailAddressTests
{
    [TestCase("Anna.Berg@Gransele.Example", "anna.berg@gransele.example")]
    [TestCase("  anna@gransele.example ", "anna@gransele.example")]
    [TestCase("åsa@räksmörgås.example", "åsa@xn--rksmrgs-5wao1o.example")]
    [TestCase("anna+nyheter@gransele.example", "anna+nyheter@gransele.example")]
    public void Addresses_of_one_person_share_a_key(string written, string key)
    {
        Assert.That(EmailAddress.TryParse(written, out var address, out _));
        Assert.That(address.Key, Is.EqualTo(key));
        Assert.That(address.Text, Is.EqualTo(written.Trim()));
    }

    [TestCase("\u200Banna@gransele.example\u200B")]
    [TestCase("\uFEFFanna@gransele.example\u00A0")]
    [TestCase("\u202Aanna@gransele.example\u202C")]
    [TestCase("\u2028\u3164anna@gransele.example\u00AD \u2060")]
    public void What_nobody_sees_around_an_address_is_no_part_of_it(string written)
    {
        Assert.That(EmailAddress.TryParse(written, out var address, out _));
        Assert.That((address.Text, address.Key), Is.EqualTo(("anna@gransele.example", "anna@gransele.example")));
    }

    // Not as cases: an attribute cannot hold half a pair. Format characters, fillers, variation selectors, what is no character or unreadable.
    [Test]
    public void What_nobody_sees_or_can_read_within_an_address_is_refused_by_its_number_wherever_an_address_is_read()
    {
        int[] unseen = [0xAD, 0x34F, 0x61C, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200D, 0x200E, 0x202A, 0x202E, 0x2060, 0x2066, 0x2800, 0x3164,
            0xE000, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0041, 0xE0101];
        var texts = unseen.Select(code => (Text: char.ConvertFromUtf32(code), Code: code)).Append((Text: "\uD83D", Code: 0xFFFD)).ToList();
        Assert.Multiple(() =>
        {
            foreach (var (text, code) in texts)
                foreach (var written in new[] { $"an{text}na@gransele.example", $"anna@gran{text}sele.example" })
                {
                    Assert.That(EmailAddress.TryParse(written, out _, out var problem), Is.False, $"U+{code:X4}");
                    Assert.That(problem, Is.EqualTo($"EmailAddress.Hidden U+{code:X4}"));
                    Assert.Throws<MimeException>(() => _ = new Mailbox(null, written), $"U+{code:X4} in a header");
                    Assert.Throws<ArgumentException>(() => SmtpAddress.Parse(written, "recipient", false), $"U+{code:X4} in an envelope");
                }
        });
    }

    [Test]
    public void A_mark_and_its_letter_are_one_character() =>
        Assert.That(EmailAddress.Parse("a\u030Asa@gransele.example").Key, Is.EqualTo("åsa@gransele.example"));

    [TestCase(32, 0, "")]
    [TestCase(33, 0, "EmailAddress.TooLong", Description = "66 octets before the @")]
    [TestCase(32, 181, "")]
    [TestCase(32, 182, "EmailAddress.TooLong", Description = "255 octets in all, of 223 characters")]
    public void Length_is_counted_in_octets(int letters, int more, string problem)
    {
        // Labels of at most 63 before the domain of 8 octets.
        var labels = string.Concat(Enumerable.Range(0, more).Select(i => i % 60 == 59 || i == more - 1 ? '.' : 'x'))
            .Replace("..", "x.", StringComparison.Ordinal);
        EmailAddress.TryParse($"{new string('å', letters)}@{labels}gran.org", out _, out var found);
        Assert.That(found, Is.EqualTo(problem));
    }

    [TestCase("", "EmailAddress.Empty")]
    [TestCase(null, "EmailAddress.Empty")]
    [TestCase("anna", "EmailAddress.NoAt")]
    [TestCase("@gransele.example", "EmailAddress.NoLocalPart")]
    [TestCase("anna@", "EmailAddress.NoDomain")]
    [TestCase("anna berg@gransele.example", "EmailAddress.Space")]
    [TestCase("anna@gransele.example\r\nRCPT TO:<x@y.example>", "EmailAddress.Space")]
    [TestCase("anna..berg@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("\"anna\"@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("a@b@gransele.example", "EmailAddress.LocalPart")]
    [TestCase("anna@gransele", "EmailAddress.Domain")]
    [TestCase("anna@[127.0.0.1]", "EmailAddress.Domain")]
    [TestCase("anna@127.0.0.1", "EmailAddress.Domain")]
    [TestCase("anna@gran_sele.example", "EmailAddress.Domain")]
    [TestCase("anna@-gransele.example", "EmailAddress.Domain")]
    public void What_is_not_an_address_is_named(string? written, string problem)
    {
        Assert.That(EmailAddress.TryParse(written, out _, out var found), Is.False);
        Assert.That(found, Is.EqualTo(problem));
    }
}
