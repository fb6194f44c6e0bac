using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class ApprovedLetterTests
{
    [TestCaseSource(typeof(SampleLetters), nameof(SampleLetters.Issues))]
    public async Task An_issue_is_as_approved_as_html_text_and_message(string issue)
    {
        var letter = await SampleLetters.MailAsync(issue);

        Approved.AssertSame($"{issue}.golden.html", letter.Html);
        Approved.AssertSame($"{issue}.golden.txt", letter.Text);
        Approved.AssertSame($"{issue}.eml", SampleEml.Of(issue, letter, isIssue: true));
    }

    [TestCase("bekrafta", "sv")]
    [TestCase("bekrafta", "en")]
    [TestCase("angra", "sv")]
    [TestCase("angra", "en")]
    [TestCase("lankar", "sv")]
    [TestCase("lankar", "en")]
    [TestCase("fel", "sv")]
    public async Task A_notice_is_as_approved_as_html_text_and_message(string notice, string language)
    {
        var letter = await SampleLetters.NoticeAsync(notice, language);

        Approved.AssertSame($"{notice}-{language}.golden.html", letter.Html);
        Approved.AssertSame($"{notice}-{language}.golden.txt", letter.Text);
        Approved.AssertSame($"{notice}-{language}.eml", SampleEml.Of(notice, letter, isIssue: false));
    }

    [TestCase(LetterSurface.Archive)]
    [TestCase(LetterSurface.Browser)]
    public async Task The_web_body_is_as_approved(LetterSurface surface)
    {
        var body = await SampleLetters.Renderer.RenderWebBodyAsync(SampleLetters.Content("2026-11"), SampleLetters.Context("2026-11", surface));

        Approved.AssertSame($"2026-11-{surface.ToString().ToLowerInvariant()}.golden.html", body);
    }

    [Test]
    public void The_web_stylesheet_is_as_approved() => Approved.AssertSame("letter.css", LetterCss.For(new Theme()));
}
