using System.Xml.Linq;

namespace SmaKom.Mailer.Tests.Templates;

[TestFixture]
public sealed class LetterWordsTests
{
    [TestCase("Letter")]
    [TestCase("ContentProblems")]
    public void Each_text_is_there_in_every_language_with_the_same_places(string book)
    {
        var swedish = Texts($"{book}.resx");
        var english = Texts($"{book}.en.resx");
        Assert.That(english.Keys, Is.EquivalentTo(swedish.Keys));
        foreach (var (key, text) in swedish)
            Assert.That(text.Contains("{0}", StringComparison.Ordinal), Is.EqualTo(english[key].Contains("{0}", StringComparison.Ordinal)), key);
    }

    private static Dictionary<string, string> Texts(string file) =>
        XDocument.Load(Path.Combine(Repository.Root, "templates", "Words", file)).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);
}
