using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Hosting;

/// <summary>
/// <c>docs/settings.md</c> says of each setting what its docstring says. After a change: <c>SMAKOM_WRITE_DOCS=1 ./test SettingsDocTests</c>.
/// </summary>
public sealed partial class SettingsDocTests
{
    private const string Mark = "<!-- From here on written by SettingsDocTests from the docstrings of the options. -->\n";
    private const int Columns = 120;

    private static readonly string File = Path.Combine(Repository.Root, "docs", "settings.md");
    private static readonly Assembly[] Assemblies = [typeof(SiteOptions).Assembly, typeof(Theme).Assembly];

    [Test]
    public void The_settings_page_says_what_the_options_say()
    {
        var text = System.IO.File.ReadAllText(File);
        var head = text[..(text.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)];
        var expected = head + string.Concat(Sections());
        if (Environment.GetEnvironmentVariable("SMAKOM_WRITE_DOCS") == "1") System.IO.File.WriteAllText(File, expected);

        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo(expected));
    }

    private static IEnumerable<string> Sections() => Assemblies
        .SelectMany(assembly => Documentation(assembly).Select(doc => (Type: assembly.GetType(doc.Key), doc.Value)))
        .Select(doc => (doc.Type, Text: doc.Value, Section: SectionName().Match(doc.Value)))
        .Where(doc => doc.Type is not null && doc.Section.Success)
        .GroupBy(doc => doc.Section.Groups[1].Value)
        .OrderBy(section => section.Key, StringComparer.Ordinal)
        .Select(section => string.Concat(
            section.SelectMany((doc, place) => Lines(doc.Type!, section.Key, SectionName().Replace(doc.Text, ""), place == 0))));

    private static IEnumerable<string> Lines(Type type, string section, string about, bool first)
    {
        yield return first ? $"\n## {section}\n\n" : "\n";
        yield return Wrapped(about, "") + "\n\n";
        var defaults = Activator.CreateInstance(type)!;
        var docs = Documentation(type.Assembly, type);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            Assert.That(docs, Does.ContainKey(property.Name), $"{section}:{property.Name} has no docstring");
            var value = Default(property.GetValue(defaults));
            yield return Wrapped($"- `{section}:{property.Name}`{(value is null ? "" : $" = `{value}`")}: {docs[property.Name]}", "  ") + "\n";
        }
    }

    private static string? Default(object? value) => value switch
    {
        null or "" or Palette => null,
        bool on => on ? "true" : "false",
        string text => text,
        TimeSpan { Milliseconds: > 0 } span => span.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    // Types by full name.
    private static Dictionary<string, string> Documentation(Assembly assembly) => Members(assembly, "T:");

    // Properties of a type by name.
    private static Dictionary<string, string> Documentation(Assembly assembly, Type type) =>
        Members(assembly, $"P:{type.FullName}.");

    private static Dictionary<string, string> Members(Assembly assembly, string prefix) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member")
            .Select(member => (Name: member.Attribute("name")!.Value, Summary: member.Element("summary")))
            .Where(member => member.Summary is not null && member.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(member => member.Name[prefix.Length..], member => Text(member.Summary!));

    private static string Text(XElement summary) => Space().Replace(string.Concat(summary.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement reference => $"`{reference.Attribute("cref")?.Value.Split('.')[^1]}`",
        _ => "",
    })), " ").Trim();

    private static string Wrapped(string text, string indent)
    {
        var lines = new StringBuilder();
        var length = 0;
        foreach (var word in text.Split(' '))
        {
            var breaks = length > 0 && length + 1 + word.Length > Columns;
            lines.Append(breaks ? "\n" + indent : length > 0 ? " " : "").Append(word);
            length = breaks ? indent.Length + word.Length : length + (length > 0 ? 1 : 0) + word.Length;
        }

        return lines.ToString();
    }

    [GeneratedRegex(@" \(section `(\w+)`\)")]
    private static partial Regex SectionName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
