using System.Text;
using SmaKom.Mailer.Mail.Dkim;

namespace SmaKom.Mailer.Tests.Mail.Dkim;

/// <summary>The examples of RFC 6376 §3.4.5, and the empty body of §3.4.4.</summary>
public class CanonicalizationTests
{
    [TestCase("A", " X", "a:X")]
    [TestCase("B ", " Y\t\r\n\tZ  ", "b:Y Z")]
    [TestCase("SUBJect", "  a \t b", "subject:a b")]
    [TestCase("X", "", "x:")]
    [TestCase("X", " \r\n ", "x:")]
    public void A_relaxed_header_is_unfolded_and_its_spaces_reduced(string name, string value, string canonical)
    {
        var output = new byte[100];
        var length = RelaxedHeader.Write(Encoding.ASCII.GetBytes(name.TrimEnd()), Encoding.ASCII.GetBytes(value), output);
        Assert.That(Encoding.ASCII.GetString(output, 0, length), Is.EqualTo(canonical));
    }

    [TestCase(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n")]
    [TestCase("", "")]
    [TestCase("\r\n\r\n", "")]
    [TestCase(" \t\r\n \r\n", "")]
    [TestCase("no line end", "no line end\r\n")]
    [TestCase("a\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n")]
    [TestCase("a\t\tb \r\n", "a b\r\n")]
    [TestCase("a\r\n \t ", "a\r\n")]
    [TestCase("bare\nfeed \nhere\r\n", "bare\nfeed \nhere\r\n")]
    public void A_relaxed_body_has_single_spaces_and_no_blank_end(string body, string canonical)
    {
        var octets = Encoding.ASCII.GetBytes(body);
        var output = new byte[octets.Length + 2];
        Assert.Multiple(() =>
        {
            Assert.That(Encoding.ASCII.GetString(output, 0, RelaxedBody.Canonicalize(octets, output)), Is.EqualTo(canonical));
            Assert.That(RelaxedBody.IsCanonical(octets), Is.EqualTo(body == canonical));
        });
    }

    [Test]
    public void The_shortcut_for_canonical_bodies_sees_a_fault_at_every_place()
    {
        foreach (var fault in new[] { "\t", "  ", " \r\n" })
        {
            for (var at = 0; at < 150; at++)
                Assert.That(RelaxedBody.IsCanonical(Encoding.ASCII.GetBytes(new string('a', at) + fault + new string('b', 150 - at) + "\r\n")),
                    Is.False, $"{fault} at {at}");
        }
    }

    [Test]
    public void An_empty_body_has_the_hash_that_the_RFC_prints()
    {
        var output = new byte[32];
        RelaxedBody.Hash([], output);
        Assert.That(Convert.ToBase64String(output), Is.EqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));
    }
}
