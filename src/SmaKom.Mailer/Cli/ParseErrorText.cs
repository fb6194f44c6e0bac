using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Cli;

/// <summary>What is wrong with the words that were typed, said in the reader's language: the library says it in English only.</summary>
internal sealed class ParseErrorText(ParseResult parsed, IStringLocalizer words)
{
    public string Text => parsed.UnmatchedTokens.Count > 0
        ? words["Error.Unknown", string.Join(' ', parsed.UnmatchedTokens)]
        : words["Error.Usage", string.Join(' ', Sentences().Distinct())];

    private IEnumerable<string> Sentences()
    {
        var command = parsed.CommandResult.Command;
        var missing = command.Options.Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true })
            .Select(option => option.Name).ToList();
        if (missing.Count > 0) yield return words["Error.OptionMissing", string.Join(", ", missing)];
        foreach (var error in parsed.Errors)
            if (Sentence(error, missing.Count > 0) is { } sentence) yield return sentence;
    }

    private string? Sentence(ParseError error, bool someMissing) => error.SymbolResult switch
    {
        ArgumentResult { Parent: OptionResult { Implicit: false } option } => OfOption(option),
        ArgumentResult { Parent: OptionResult } when someMissing => null,
        OptionResult { Implicit: true } when someMissing => null,
        OptionResult option => OfOption(option),
        ArgumentResult { Tokens: [var token, ..] } argument => Unfit(token.Value, Name(argument.Argument), argument.Argument.ValueType),
        ArgumentResult argument => words["Error.ArgumentMissing", Name(argument.Argument)],
        _ when someMissing => null,
        CommandResult { Command.Subcommands: { Count: > 0 } verbs } =>
            words["Error.VerbMissing", string.Join(", ", verbs.Where(verb => !verb.Hidden).Select(verb => verb.Name))],
        CommandResult { Command.Arguments: [var argument, ..] } => words["Error.ArgumentMissing", Name(argument)],
        _ => error.Message,
    };

    private string OfOption(OptionResult result)
    {
        var option = result.Option;
        if (result.Tokens.Count == 0) return words["Error.ValueMissing", option.Name];
        var choices = option.GetCompletions(CompletionContext.Empty).Select(choice => choice.Label).ToList();
        return choices.Count > 0 ? words["Error.NotAmong", result.Tokens[0].Value, option.Name, string.Join(", ", choices)]
            : Unfit(result.Tokens[0].Value, option.Name, option.ValueType);
    }

    private string Unfit(string typed, string name, Type type)
    {
        var one = type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        var kind = one == typeof(DateOnly) ? words["Error.Kind.Date"] : one.IsPrimitive ? words["Error.Kind.Number"] : null;
        return kind is null ? words["Error.Unfit", typed, name] : words["Error.WrongKind", typed, name, kind.Value];
    }

    private string Name(Argument argument) => CommandHelp.LabelOf(argument, words);
}
