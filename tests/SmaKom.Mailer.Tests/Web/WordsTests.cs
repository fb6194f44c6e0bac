using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>Every text that pages ask for is there, in both languages, with the same places to fill in.</summary>
public sealed partial class WordsTests
{
    private static readonly string Source = Path.GetFullPath(Path.Combine(Here(), "../../../src/SmaKom.Mailer"));

    public static IEnumerable<string> Books() =>
        Directory.EnumerateFiles(Source, "*.resx", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".en.resx", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Source, file));

    [TestCaseSource(nameof(Books))]
    public void A_book_has_the_same_keys_and_places_in_both_languages(string book)
    {
        var swedish = Read(Path.Combine(Source, book));
        var english = Read(Path.Combine(Source, Path.ChangeExtension(book, ".en.resx")));

        Assert.That(english.Keys, Is.EquivalentTo(swedish.Keys));
        foreach (var (key, text) in swedish)
            Assert.That(Places(english[key]), Is.EqualTo(Places(text)), key);
    }

    [Test]
    public void Every_key_that_is_asked_for_is_in_its_book()
    {
        var books = Books().ToDictionary(book => Path.GetFileNameWithoutExtension(book), book => Read(Path.Combine(Source, book)));
        var missing = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories).Where(IsCode))
        {
            var code = File.ReadAllText(file);
            foreach (Match localizer in Localizer().Matches(code))
            {
                var (book, variable) = (localizer.Groups[1].Value, localizer.Groups[2].Value);
                foreach (Match use in Regex.Matches(code, $@"\b{variable}\[""([^""{{]+)"""))
                    if (!books.TryGetValue(book, out var words) || !words.ContainsKey(use.Groups[1].Value))
                        missing.Add($"{Path.GetFileName(file)}: {book} has no {use.Groups[1].Value}");
            }
        }

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_setting_that_can_be_wrong_has_its_words()
    {
        var words = Read(Path.Combine(Source, "Settings", "SettingWords.resx"));
        var asked = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories).Where(IsCode)
            .SelectMany(file => SettingWord().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToList();

        Assert.That(asked, Is.EquivalentTo(words.Keys));
        // A fault in a template is mended in its file; all of them are followed by the way out, which names the setting.
        var settings = words.Where(word => !word.Key.StartsWith("Templates.", StringComparison.Ordinal)
            || word.Key is "Templates.WayOut" or "Templates.NoFolder");
        Assert.That(settings.Select(word => word.Value), Has.All.Contain("SMAKOM__").Or.Contain("Dkim:PrivateKeyFile").Or.Contain("smakom migrate"),
            "each says what to set");
    }

    private static bool IsCode(string file) =>
        (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            && !file.Contains("/obj/", StringComparison.Ordinal);

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Places(string text) =>
        string.Join(' ', Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    // A choice of words by number may be needed in one language only.
    [GeneratedRegex(@"\{\d(?!:[^}]*\|)")]
    private static partial Regex Place();

    [GeneratedRegex(@"SettingWords\.Say\(""([\w.]+)""")]
    private static partial Regex SettingWord();

    [GeneratedRegex(@"IStringLocalizer<(\w+)> (\w+)")]
    private static partial Regex Localizer();
}
