using System.Globalization;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class TextPartTests
{
    [TestCaseSource(typeof(SampleLetters), nameof(SampleLetters.Issues))]
    public async Task Lines_keep_to_72_columns_unless_one_word_is_longer(string issue)
    {
        var letter = await SampleLetters.MailAsync(issue);
        var tooLong = letter.Text.Split('\n').Where(line => new StringInfo(line).LengthInTextElements > 72);
        Assert.That(tooLong.Where(line => line.Contains(' ', StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task An_address_longer_than_a_line_stays_whole()
    {
        var address = "https://example.org/" + new string('a', 120) + "/slut";
        var text = await TextOf($"Se [protokollet]({address}), som är långt.");
        Assert.That(text.Split('\n'), Has.Some.EqualTo($"<{address}>,"));
    }

    [Test]
    public async Task A_link_that_shows_its_own_address_is_written_once()
    {
        Assert.That(await TextOf("[asa@example.org](mailto:asa@example.org)"), Is.EqualTo("<mailto:asa@example.org>"));
        Assert.That(await TextOf("[example.org](https://example.org/)"), Is.EqualTo("<https://example.org/>"));
        Assert.That(await TextOf("Se https://example.org/Älv."), Is.EqualTo("Se <https://example.org/%C3%84lv>."));
        Assert.That(await TextOf("Ring [0999-123 45](tel:099912345)."), Is.EqualTo("Ring 0999-123 45."));
    }

    [Test]
    public async Task Lists_quotes_and_breaks_keep_their_shape()
    {
        var text = await TextOf(
            "Först:\n\n2. två\n3. tre med så många ord att raden bryts och fortsätter under texten ovanför\n   - inuti\n\n> citat\n> > djupare\n\nrad  \nnästa");
        Assert.That(text, Is.EqualTo(
            "Först:\n\n2. två\n3. tre med så många ord att raden bryts och fortsätter under texten\n   ovanför\n\n   - inuti\n\n> citat\n\n> > djupare\n\nrad\nnästa"));
    }

    [TestCase("5*3*2 = 30")]
    [TestCase("ett [ två ![ tre")]
    public async Task No_sign_is_lost(string text) => Assert.That(await TextOf(text), Is.EqualTo(text));

    [Test]
    public async Task A_no_break_space_keeps_its_number_together()
    {
        var text = await TextOf(new string('x', 66) + " 10\u00A0000\u00A0kronor");
        Assert.That(text.Split('\n')[1], Is.EqualTo("10\u00A0000\u00A0kronor"));
    }

    private static async Task<string> TextOf(string markdown)
    {
        var content = new IssueContent
        {
            Year = 2026,
            Month = 11,
            Subject = "Ämne",
            Preheader = "Rad",
            Sections = [new Section { Heading = "Avdelning", Blocks = [new Article { Heading = "Rubrik", Body = markdown }] }],
        };
        var letter = await SampleLetters.Renderer.RenderAsync(content, SampleLetters.Context("2026-11"));
        var start = letter.Text.IndexOf("Rubrik\n------\n", StringComparison.Ordinal) + "Rubrik\n------\n".Length;
        return letter.Text[start..letter.Text.IndexOf("\n\n\n", start, StringComparison.Ordinal)];
    }
}
