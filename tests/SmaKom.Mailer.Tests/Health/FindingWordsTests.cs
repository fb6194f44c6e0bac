using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>What a finding says, and where it is explained.</summary>
public sealed class FindingWordsTests : CheckupFixture
{
    [Test]
    public void Every_finding_has_four_parts_in_both_languages()
    {
        var words = new System.Resources.ResourceManager("SmaKom.Mailer.Findings.FindingWords", typeof(FindingWords).Assembly);
        Assert.Multiple(() =>
        {
            foreach (var kind in Enum.GetNames<FindingKind>())
                foreach (var part in new[] { "Title", "Happened", "Lost", "Do" })
                    foreach (var language in new[] { "sv", "en" })
                        Assert.That(words.GetString($"{kind}.{part}", System.Globalization.CultureInfo.GetCultureInfo(language)),
                            Is.Not.Null.And.Not.Empty, $"{kind}.{part} {language}");
        });
    }

    [Test]
    public void Every_finding_has_its_entry_in_the_operations_manual()
    {
        var manual = File.ReadAllText(Path.Combine(Templates.Repository.Root, "docs", "operations.md"));
        Assert.That(Enum.GetNames<FindingKind>().Where(kind => !manual.Contains($"`{kind}`", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(0, 0, "Allt fungerar.")]
    [TestCase(0, 1, "Allt fungerar, men en sak behöver ses över.")]
    [TestCase(0, 2, "Allt fungerar, men 2 saker behöver ses över.")]
    [TestCase(1, 0, "En sak fungerar inte.")]
    [TestCase(2, 0, "2 saker fungerar inte.")]
    [TestCase(1, 1, "Sådant som inte fungerar: 1. Sådant som behöver ses över: 1.")]
    [SetUICulture("sv")]
    public async Task One_line_says_how_much_is_wrong(int faults, int warnings, string line)
    {
        await using var app = MailerHost.Build([], builder => TestHost.Configure(builder, Database.ConnectionString));
        Finding[] found =
        [
            .. Enumerable.Repeat(new Finding(FindingKind.NoWorker, Severity.Fault), faults),
            .. Enumerable.Repeat(new Finding(FindingKind.IssuePaused, Severity.Warning), warnings),
            new(FindingKind.SampleRun, Severity.Note),
        ];

        Assert.That(app.Services.GetRequiredService<FindingTexts>().Summary(found), Is.EqualTo(line));
    }
}
