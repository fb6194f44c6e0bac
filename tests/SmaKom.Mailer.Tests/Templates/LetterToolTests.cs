using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>What other people's programs say of the letters.</summary>
[TestFixture]
public sealed partial class LetterToolTests
{
    /// <summary>What went out of HTML, or never was in it, and without which Outlook's Word does not lay out.</summary>
    private const string ForWord =
        ".*(The “(cellpadding|cellspacing|border|width)” attribute on the “(table|td)” element is obsolete|“mso-line-height-rule”).*";

    [Test]
    public async Task The_html_checker_finds_no_error()
    {
        var folder = Directory.CreateTempSubdirectory("letters");
        try
        {
            foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name + ".html"), letter.Html);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "archive.html"), await WebPage.Of("2026-11", LetterSurface.Archive));

            var jar = Path.Combine(Repository.Root, "tests", "tools", "vnu", "node_modules", "vnu-jar", "build", "dist", "vnu.jar");
            Assert.That(File.Exists(jar), "The checker is missing. Install it: npm ci --prefix tests/tools/vnu");
            var (_, said) = await Tool.RunAsync("sudo apt-get install default-jre-headless", [], "java",
                ["-jar", jar, "--errors-only", "--filterpattern", ForWord, "--format", "gnu", .. Directory.GetFiles(folder.FullName)]);

            Assert.That(said.Trim(), Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Spamassassin_has_next_to_nothing_against_any_of_them()
    {
        foreach (var (name, letter) in await SampleLetters.AllMailsAsync())
        {
            var isIssue = SampleLetters.Issues.Contains(name);
            var (_, said) = await Tool.RunAsync("sudo apt-get install spamassassin", SampleEml.Of(name, letter, isIssue), "spamassassin", "-L", "-t");

            var status = SpamStatus().Match(said);
            Assert.That(status.Success, $"{name}: no X-Spam-Status in\n{said}");
            Assert.That(double.Parse(status.Groups["score"].Value, CultureInfo.InvariantCulture), Is.LessThan(1.5), $"{name}: {status.Value}");
            Assert.That(status.Value, Does.Not.Match("HTML_IMAGE_ONLY|INVALID_MSGID|LONG_HEX_URI|MPART_ALT_DIFF|HTML_TAG_BALANCE|MIME_"), name);
        }
    }

    [Test]
    public async Task A_text_browser_shows_the_html_part_in_reading_order()
    {
        var letter = await SampleLetters.MailAsync("2026-11");

        var (_, said) = await Tool.RunAsync("sudo apt-get install w3m", Encoding.UTF8.GetBytes(letter.Html), "w3m", "-T", "text/html", "-I", "UTF-8",
            "-O", "UTF-8", "-dump", "-cols", "100");

        var order = new[] { "Trygghetspunkten som höll hela natten, remissen", "Läs i webbläsaren", "När snön kommer", "Karin Lindmark",
            "Svartnäs kommun", "1. Medlemsavgiften", "Avsluta prenumerationen", "Storgatan 4" };
        Assert.That(order.Select(words => said.IndexOf(words, StringComparison.Ordinal)), Is.Ordered.And.All.GreaterThanOrEqualTo(0), said);
    }

    [GeneratedRegex(@"^X-Spam-Status: .*?score=(?<score>-?[\d.]+).*?(?=^\S)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SpamStatus();
}
