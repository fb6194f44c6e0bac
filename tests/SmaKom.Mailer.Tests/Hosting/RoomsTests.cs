using System.Text.RegularExpressions;
using SmaKom.Mailer.Tests.Templates;

namespace SmaKom.Mailer.Tests.Hosting;

/// <summary>
/// Which room of the host (a folder of <c>src/SmaKom.Mailer</c>) may know which; <c>docs/architecture.md</c> says what each is for. Read from
/// the sources: a using in C#, which the compiler refuses when it is not needed, and a type that a page names.
/// </summary>
public sealed partial class RoomsTests
{
    /// <summary>Rooms that know each other in a ring. It may shrink; what leaves it is taken out here.</summary>
    private static readonly string[] Ring = ["Accounts", "Database", "Deliveries", "Issues", "Jobs", "Notices", "Relays", "Reports", "Subscribers"];

    private static readonly Dictionary<string, string> MayKnow = new()
    {
        ["Accounts"] = "Audit Database Links Settings Sql Web",
        ["Admin"] = "Accounts Audit Deliveries Findings Health Issues Jobs Reports Settings Sql Web",
        ["Archive"] = "Database Issues Links Notices Privacy Settings Sql Subscribers Web",
        ["Audit"] = "Sql",
        ["Bounces"] = "Accounts Audit Findings Links Settings Sql Subscribers Web",
        ["Calendar"] = "Settings Sql Web",
        ["Cli"] = "Accounts Audit Bounces Calendar Database Deliveries Demo Domains Findings Health Hosting Issues Links Privacy Relays Reports Settings Sql Subscribers Web",
        ["Database"] = "Deliveries Issues Jobs Relays Settings Sql Subscribers",
        ["Deliveries"] = "Audit Findings Jobs Links Relays Settings Sql Telemetry",
        ["Demo"] = "Accounts Bounces Database Deliveries Issues Settings Sql Subscribers Web",
        ["Domains"] = "Accounts Deliveries Findings Jobs Settings Sql Web",
        ["Findings"] = "Web",
        ["Health"] = "Accounts Calendar Database Deliveries Demo Findings Jobs Relays Settings Sql Web",
        ["Hosting"] = "Accounts Admin Archive Bounces Database Deliveries Demo Domains Findings Health Issues Jobs Links Notices Privacy Relays Reports Settings Subscribers Telemetry Timelines Web",
        ["Issues"] = "Accounts Audit Calendar Database Deliveries Findings Jobs Links Notices Reports Settings Sql Subscribers Web",
        ["Jobs"] = "Accounts Audit Calendar Database Findings Issues Relays Settings Sql Telemetry Web",
        ["Links"] = "Settings",
        ["Notices"] = "Deliveries Issues Links Relays Settings Sql Subscribers",
        ["Privacy"] = "Accounts Audit Jobs Links Settings Sql Subscribers Timelines Web",
        ["Relays"] = "Accounts Audit Database Deliveries Findings Settings Sql Web",
        ["Reports"] = "Accounts Audit Database Deliveries Issues Sql Web",
        ["Settings"] = "",
        ["Sql"] = "",
        ["Subscribers"] = "Accounts Audit Database Findings Jobs Links Notices Settings Sql Web",
        ["Telemetry"] = "Settings Sql",
        ["Timelines"] = "Accounts Database Deliveries Issues Links Reports Sql Subscribers Web",
        ["Web"] = "Settings Sql",
    };

    [Test]
    public void Each_room_knows_the_rooms_that_the_table_names_and_no_other()
    {
        var found = Arrows();

        Assert.That(found.Keys, Is.EquivalentTo(MayKnow.Keys), "rooms");
        foreach (var (room, known) in found)
            Assert.That(known.Order(StringComparer.Ordinal), Is.EqualTo(Names(MayKnow[room]).Order(StringComparer.Ordinal)), room);
    }

    [Test]
    public void The_only_ring_is_the_one_that_is_named()
    {
        var ring = MayKnow.Keys.Where(room => Reach(room).Contains(room)).Order(StringComparer.Ordinal);

        Assert.That(ring, Is.EqualTo(Ring));
    }

    private static HashSet<string> Reach(string room)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(Names(MayKnow[room]));
        while (open.TryPop(out var next))
            if (reached.Add(next)) foreach (var further in Names(MayKnow[next])) open.Push(further);
        return reached;
    }

    private static Dictionary<string, HashSet<string>> Arrows()
    {
        var host = Path.Combine(Repository.Root, "src", "SmaKom.Mailer");
        var files = Directory.EnumerateDirectories(host)
            .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj" or "wwwroot" or "Properties"))
            .SelectMany(room => Directory.EnumerateFiles(room, "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
                .Select(file => (Room: Path.GetFileName(room), File: file, Text: File.ReadAllText(file)))).ToList();
        var types = files.SelectMany(file => Declared(file.File, file.Text).Select(type => (type, file.Room)))
            .ToLookup(one => one.type, one => one.Room);
        var arrows = files.Select(file => file.Room).Distinct().ToDictionary(room => room, _ => new HashSet<string>());
        foreach (var (room, file, text) in files)
        {
            var known = file.EndsWith(".cs", StringComparison.Ordinal) ? Usings(text) : Named(text, types).Intersect(Visible(host, file, text));
            arrows[room].UnionWith(known.Where(other => other != room && arrows.ContainsKey(other)));
        }

        return arrows;
    }

    private static IEnumerable<string> Declared(string file, string text) =>
        file.EndsWith(".razor", StringComparison.Ordinal) ? [Path.GetFileNameWithoutExtension(file)]
            : Declaration().Matches(text).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Usings(string text) => Namespace().Matches(text).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Visible(string host, string file, string text)
    {
        var all = Usings(text);
        for (var folder = Path.GetDirectoryName(file)!; folder.Length >= host.Length; folder = Path.GetDirectoryName(folder)!)
            if (Path.Combine(folder, "_Imports.razor") is var imports && File.Exists(imports)) all = all.Concat(Usings(File.ReadAllText(imports)));
        return all;
    }

    // An _Imports.razor brings in more than a page uses: what counts is what the page names, where only one room has such a type.
    private static IEnumerable<string> Named(string text, ILookup<string, string> types) =>
        Word().Matches(text).Select(match => types[match.Value].Distinct().ToList()).Where(rooms => rooms.Count == 1).Select(rooms => rooms[0]);

    private static string[] Names(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^\s*(?:public |internal |sealed |static |abstract |partial |readonly )*(?:class|record struct|record|struct|interface|enum) ([A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bSmaKom\.Mailer\.([A-Z]\w*)(?:[.;]|\s|$)")]
    private static partial Regex Namespace();

    // In code or as an element: not behind a dot or in quotes, where it is a member or a word.
    [GeneratedRegex(@"(?<![\w.""])[A-Z]\w+(?![\w""])")]
    private static partial Regex Word();
}
