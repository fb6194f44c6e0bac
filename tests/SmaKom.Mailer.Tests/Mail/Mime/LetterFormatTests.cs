using System.Buffers;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Tests.Mail.Mime;

public class LetterFormatTests
{
    private static readonly byte[] Stored = LetterTemplate.Encode(SampleLetter.Draft).ToBytes();

    [Test]
    public void Bytes_cut_short_anywhere_are_refused()
    {
        for (var length = 0; length < Stored.Length; length++)
            Assert.Throws<MimeException>(() => LetterTemplate.FromBytes(Stored.AsSpan(0, length)), $"{length} octets");
    }

    [Test]
    public void Damaged_bytes_are_refused_or_give_a_letter_but_nothing_else()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var damaged = (byte[])Stored.Clone();
            damaged[random.Next(200)] = (byte)random.Next(256);
            try
            {
                LetterTemplate.FromBytes(damaged).Splice(SampleLetter.Person, new ArrayBufferWriter<byte>());
            }
            catch (MimeException)
            {
                // the only way it may fail
            }
        }
    }

    [Test]
    public void A_later_version_is_named_in_the_refusal()
    {
        var later = (byte[])Stored.Clone();
        later[4] = 9;
        Assert.That(() => LetterTemplate.FromBytes(later), Throws.TypeOf<MimeException>().With.Message.Contains("version 9"));
    }
}
