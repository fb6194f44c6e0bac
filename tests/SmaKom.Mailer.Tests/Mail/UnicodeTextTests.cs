using System.Text;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail;

/// <summary>Text is cut between characters, and is fit to be stored afterwards.</summary>
public sealed class UnicodeTextTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [TestCase("abcdef", 3, "abc")]
    [TestCase("ab😀", 3, "ab", Description = "a surrogate pair")]
    [TestCase("a👩‍👩‍👧b", 6, "a", Description = "a family joined by U+200D")]
    [TestCase("a🇸🇪🇳🇴", 6, "a🇸🇪", Description = "flags of two regional indicators")]
    [TestCase("smo\u0308rgås", 3, "sm", Description = "a letter and its combining mark")]
    [TestCase("ab\r\nc", 3, "ab")]
    [TestCase("abc", 3, "abc")]
    public void A_character_is_never_cut(string text, int most, string cut) => Assert.That(UnicodeText.Truncate(text, most), Is.EqualTo(cut));

    [TestCase("Anna Berg", "Anna Berg")]
    [TestCase(" Åsa\u2028Öst\r\n", "Åsa Öst")]
    [TestCase("Åsa\t\u0085\u2029Öst", "Åsa Öst")]
    [TestCase("\u202EgreB\u202C annA\uFEFF", "greB annA", Description = "marks that turn the direction of what follows")]
    [TestCase("میلاد\u200Cها", "میلاد\u200Cها", Description = "a joiner that Persian is spelt with")]
    [TestCase("a\uFFFE\uFDD0", "a\uFFFD\uFFFD")]
    public void A_name_is_one_line(string text, string line)
    {
        Assert.That(UnicodeText.Line(text), Is.EqualTo(line));
        Assert.That((UnicodeText.IsLine(text), UnicodeText.IsLine(line)), Is.EqualTo((text == line, true)));
    }

    // Not as cases: an attribute cannot hold half a pair.
    [Test]
    public void What_cannot_be_stored_is_replaced()
    {
        Assert.That(UnicodeText.WellFormed("a\uD83D"), Is.EqualTo("a\uFFFD"));
        Assert.That(UnicodeText.WellFormed("\uDE00a"), Is.EqualTo("\uFFFDa"));
        Assert.That(UnicodeText.WellFormed("a\0b"), Is.EqualTo("a\uFFFDb"));
        Assert.That(UnicodeText.WellFormed("😀\uFFFF\uFFFE"), Is.EqualTo("😀\uFFFF\uFFFE"));
    }

    [Test]
    public void A_letter_with_more_marks_than_there_is_room_for_leaves_something() =>
        Assert.That(UnicodeText.Truncate("e" + new string('\u0301', 5000), 100), Has.Length.EqualTo(100));

    [Test]
    public void A_text_that_was_longer_says_so() =>
        Assert.That((UnicodeText.Shorten("abcd", 3), UnicodeText.Shorten("abc", 3)), Is.EqualTo(("abc …", "abc")));

    [Test]
    public void Whatever_it_is_it_is_short_enough_and_can_be_encoded()
    {
        foreach (var (text, most) in AnyText.Sample(500).Zip(Enumerable.Range(1, 500)))
        {
            var cut = UnicodeText.Truncate(text, most);
            Assert.That(cut, Has.Length.LessThanOrEqualTo(most));
            Assert.That(() => Strict.GetByteCount(cut), Throws.Nothing);
            Assert.That(cut, Has.None.EqualTo('\0'));
        }
    }
}
