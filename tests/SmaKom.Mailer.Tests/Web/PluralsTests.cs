using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmaKom.Mailer.Templates.Words;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>Every text with a number in it, read with none, one and two.</summary>
public sealed partial class PluralsTests
{
    /// <summary>Texts whose number is never one: a fixed limit, more than is shown, or a key of its own stands for one.</summary>
    private static readonly HashSet<string> NeverOne =
    [
        "CliWords Correction.NoSentence", "CliWords Demo.Progress", "CliWords Subscribers.More", "ComposeWords Calendar.Undated.More", "ComposeWords Delete.What", "ComposeWords Missing.More",
        "ComposeWords Pasted.MissingMany", "ComposeWords Word.Articles", "ComposeWords Word.Pictures", "ComposeWords Word.Sections", "FindingWords RelayConnections.Happened",
        "FindingWords Summary.Faults", "FindingWords Summary.Warnings", "IssueWords ParagraphLong", "IssueWords PictureSmall",
        "IssueWords PreheaderLong", "IssueWords SubjectLong", "JobWords Cron.EverySeconds", "JobWords Cron.EveryMinutes", "JobWords Cron.EveryHours",
        "JobWords Runs.Count", "JobWords Runs.MoreThan", "ReceiptWords Unknown.Shown", "RelayWords Fault.Name", "RelayWords Fewer",
        "StaffWords Correction.Hint", "StaffWords Correction.Missing", "SubscriberWords Field.TooLong", "TimelineWords Find.Most",
    ];

    /// <summary>Texts of one only, and those whose place holds no number.</summary>
    private static readonly HashSet<string> NotCounted =
    [
        "CliWords Relays.NoneFree", "ComposeWords Missing.One", "FindingWords LettersPutOff.Title", "JobWords Cron.EveryHours",
        "JobWords Cron.EveryMinutes", "JobWords Cron.EverySeconds", "JobWords Runs.One", "SettingWords SecretFile.Twice",
        "StaffWords Issue.Name",
    ];

    [TestCase("{0} {0:letter is|letters are} waiting", 0, "0 letters are waiting")]
    [TestCase("{0} {0:letter is|letters are} waiting", 1, "1 letter is waiting")]
    [TestCase("{0:Send the letter|Send all #}", 1, "Send the letter")]
    [TestCase("{0:Send the letter|Send all #}", 2, "Send all 2")]
    [TestCase("{0:0.0} s", 2, "2.0 s")]
    public void A_word_bends_with_its_number(string text, int number, string expected)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.That(Plurals.Format(text, number), Is.EqualTo(expected));
        if (!text.Contains(":0.0", StringComparison.Ordinal))
            Assert.That(Plurals.Format(text, $"{number}"), Is.EqualTo(expected), "a number that is written already");
    }

    [TestCaseSource(nameof(Texts))]
    public void One_reads_as_one_and_others_as_many(string key, string language, string text)
    {
        var (none, one, two) = (Read(text, 0), Read(text, 1), Read(text, 2));

        Assert.That(none + one + two, Does.Not.Contain("|").And.Not.Contain("#"));
        if (!NeverOne.Contains(key) && !NotCounted.Contains(key) && !key.EndsWith(".Many", StringComparison.Ordinal))
            Assert.That((language == "sv" ? SwedishMany() : EnglishMany()).Match(one).Value, Is.Empty, $"{key}: {one}");
        if (NotCounted.Contains(key)) return;
        foreach (var many in new[] { none, two })
            Assert.That((language == "sv" ? SwedishOne() : EnglishOne()).Match(many).Value, Is.Empty, $"{key}: {many}");
    }

    /// <summary>The texts of the pages, the command line and the letters that have a place to fill in.</summary>
    public static IEnumerable<TestCaseData> Texts() =>
        from folder in new[] { "src/SmaKom.Mailer", "templates" }
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.resx", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        let isEnglish = file.EndsWith(".en.resx", StringComparison.Ordinal)
        from data in XDocument.Load(file).Root!.Elements("data")
        let text = data.Element("value")!.Value
        where Place().IsMatch(text)
        let key = $"{Path.GetFileName(file).Split('.')[0]} {data.Attribute("name")!.Value}"
        select new TestCaseData(key, isEnglish ? "en" : "sv", text).SetArgDisplayNames(key, isEnglish ? "en" : "sv");

    private static string Read(string text, int number) => Plurals.Format(text, [.. Enumerable.Repeat<object>($"{number}", 8)]);

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Place();

    [GeneratedRegex(@"\b1 (?:(?:minut|sekund|fil|prenumerant|domän|nummer|bildpunkt|person|bild|andra domän)er|(?:timm|dag|arbetsdag|körning|mall|nyckl|uppdatering|anslutning|artikl|avdelning|försöksomgång)ar|(?:rundres|sid|veck)or|rader|saker|gånger|ovissa|avvisade|uppskjutna|felaktiga|nya|olika|klara|misslyckade|avbrutna|oförändrade|brev (?:är|blir) (?:klara|ovissa))\b")]
    private static partial Regex SwedishMany();

    [GeneratedRegex(@"\b1 (?!job runs)(?:(?:are|were|have)\b|(?:\w+ )?(?:minute|hour|second|day|row|run|file|template|key|update|connection|round trip|letter|email|recipient|subscriber|issue|job|time|failure|byte|domain|attempt|picture|thing|article|section|event|pixel|word|character)s\b|people\b)")]
    private static partial Regex EnglishMany();

    [GeneratedRegex(@"\b[02] (?:minut|timme|sekund|dag|rad|körning|fil|nyckel|uppdatering|anslutning|rundresa|domän|felaktig|ny|ovisst|gång|arbetsdag|prenumerant)\b")]
    private static partial Regex SwedishOne();

    [GeneratedRegex(@"\b[02] (?:minute|hour|second|day|row|run|file|key|update|connection|round trip|letter|email|recipient|person|job|time|failure|subscriber|byte|issue)\b")]
    private static partial Regex EnglishOne();
}
