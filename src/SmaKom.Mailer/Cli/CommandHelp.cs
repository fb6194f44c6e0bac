using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Cli;

/// <summary>What a command is for and what it takes, in the reader's language: the library has its headings in English only.</summary>
internal sealed class CommandHelp(IStringLocalizer words) : SynchronousCommandLineAction
{
    private const int Widest = 110;

    /// <summary>An argument's name as people read it, as &lt;issue&gt;.</summary>
    public static string LabelOf(Argument argument, IStringLocalizer words) =>
        words[$"Argument.Name.{argument.Name}"] is { ResourceNotFound: false } name ? $"<{name.Value}>" : $"<{argument.Name}>";

    /// <summary>Who asks for help is not told what is missing.</summary>
    public override bool ClearsParseErrors => true;

    public static void Install(RootCommand root, IStringLocalizer words)
    {
        foreach (var option in root.Options)
        {
            if (option is HelpOption) (option.Description, option.Action) = (words["Option.Help"], new CommandHelp(words));
            if (option is VersionOption) option.Description = words["Option.Version"];
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var options = Lineage(command).SelectMany(c => c.Options.Where(option => c == command || option.Recursive)).Where(option => !option.Hidden)
            .ToList();
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).ToList();
        var output = parseResult.InvocationConfiguration.Output;
        Section(output, "Help.Description", (command.Description ?? "").Split('\n').Select(line => (line, "")));
        Section(output, "Help.Usage", [(Usage(command, options.Count > 0, verbs.Count > 0), "")]);
        Section(output, "Help.Arguments", command.Arguments.Select(argument => (Label(argument), argument.Description ?? "")));
        Section(output, "Help.Options",
            options.Select(option => (Label(option), $"{option.Description} {(option.Required ? words["Help.Required"].Value : null)}".Trim())));
        Section(output, "Help.Commands",
            verbs.Select(verb => (string.Join(' ', [verb.Name, .. verb.Arguments.Select(Label)]), verb.Description ?? "")));
        return 0;
    }

    private string Usage(Command command, bool hasOptions, bool hasVerbs)
    {
        var names = Lineage(command).Reverse().Select(c => c is RootCommand root ? root.HelpName ?? root.Name : c.Name);
        IEnumerable<string> parts = [.. names, .. command.Arguments.Select(Label)];
        if (hasVerbs) parts = parts.Append($"[{words["Help.Command"]}]");
        if (hasOptions) parts = parts.Append($"[{words["Help.Option"]}]");
        return string.Join(' ', parts);
    }

    private string Label(Argument argument) => LabelOf(argument, words);

    private string Label(Option option)
    {
        // Short names first, as everybody writes them; what other systems write (/h, -?) is understood and not advertised.
        var names = string.Join(", ", option.Aliases.Append(option.Name).Where(name => name[0] == '-' && name != "-?").OrderBy(name => name.Length));
        if (option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0) return names;
        var choices = option.GetCompletions(CompletionContext.Empty).Select(choice => choice.Label).ToList();
        return $"{names} <{(choices.Count > 0 ? string.Join('|', choices) : words["Help.Value"].Value)}>";
    }

    private void Section(TextWriter output, string heading, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.Where(row => row.Left.Length > 0).ToList();
        if (all.Count == 0) return;
        var left = all.Any(row => row.Right.Length > 0) ? all.Max(row => row.Left.Length) + 2 : 0;
        output.WriteLine($"{words[heading]}:");
        foreach (var (name, text) in all)
        {
            var lines = Wrapped(left == 0 ? name : text, Math.Max(30, Width - left - 2));
            for (var n = 0; n < lines.Count; n++) output.WriteLine($"  {(n == 0 && left > 0 ? name : "").PadRight(left)}{lines[n]}".TrimEnd());
        }

        output.WriteLine();
    }

    private static int Width => Console.IsOutputRedirected ? Widest : Math.Clamp(Console.WindowWidth, 40, Widest);

    private static List<string> Wrapped(string text, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > width) lines.Add(word);
            else lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }

        return lines;
    }

    /// <summary>The command itself first, the root last.</summary>
    private static IEnumerable<Command> Lineage(Command command)
    {
        for (Symbol? symbol = command; symbol is not null; symbol = symbol.Parents.FirstOrDefault())
            if (symbol is Command one) yield return one;
    }
}
