using System.Text.RegularExpressions;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Hosting;

/// <summary>
/// Text is cut by <see cref="SmaKom.Mailer.Mail.UnicodeText"/>. The analyzer bans <c>Substring</c> and does not see
/// <c>[..200]</c>, which the compiler makes of it: a range up to a number or a constant is a cut at a length. One up to a
/// variable is where something was found.
/// </summary>
public sealed partial class CutTextTests
{
    /// <summary>Octets, and text that we make ourselves of ASCII alone.</summary>
    private static readonly string[] NotOfPeople =
    [
        "ArchivePath.cs slug[..4]", "LinkSigner.cs full[..MacSize]", "SmtpWire.cs content[..Block]",
        "HeaderFields.cs output.GetSpan(DateLength)[..DateLength]",
        "CompiledTemplates.cs Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength]",
        "LetterDates.cs item.Start.ToString(\"MMMM\", _culture)[..3]",
        "EmailLink.razor Email[..Behind]",
    ];

    [Test]
    public void No_text_is_cut_at_a_length_but_in_one_place()
    {
        var found = new[] { "src", "templates" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".cshtml" && !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Cut().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)} {match.Value}")).ToList();

        Assert.That(found.Where(cut => !NotOfPeople.Any(known => IsSame(known, cut))), Is.Empty, "cut by UnicodeText.Truncate or Shorten");
        Assert.That(NotOfPeople.Where(known => !found.Any(cut => IsSame(known, cut))), Is.Empty, "is gone, so take it out of the list");
    }

    [TestCase("name[..15]", true)]
    [TestCase("line[..LongestLine]", true)]
    [TestCase("text[0..Site.Longest]", true)]
    [TestCase("text.Take(200)", true)]
    [TestCase("text.Remove(200)", true)]
    [TestCase("text[..at]", false)]
    [TestCase("text[(at + 1)..]", false)]
    public void The_rule_finds_what_it_is_for(string code, bool cut) => Assert.That(Cut().IsMatch(code), Is.EqualTo(cut));

    private static bool IsSame(string known, string cut)
    {
        var at = known.IndexOf(' ', StringComparison.Ordinal);
        return cut.StartsWith(known[..(at + 1)], StringComparison.Ordinal)
            && known.EndsWith(cut[(cut.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[\w)]*\[0?\.\.(?:\d+|[A-Z]\w*(?:\.\w+)*)\]|\b[Tt]ext\w*\.Take\(\d+\)|\.Remove\(\d+\)")]
    private static partial Regex Cut();
}
