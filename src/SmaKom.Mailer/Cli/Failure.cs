using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Cli;

/// <summary>A command that cannot go on; the message says what happened, whether anything was lost, and what to do.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Turns what was thrown into words and an exit code. A stack trace is for those who build the program.</summary>
internal static partial class Failure
{
    public static int Tell(Exception thrown, Terminal terminal)
    {
        var (code, text) = Explain(thrown, terminal);
        return terminal.Fail(code, text);
    }

    private static (int Code, string Text) Explain(Exception thrown, Terminal terminal)
    {
        var words = terminal.Words;
        foreach (var e in Chain(thrown))
        {
            switch (e)
            {
                case CommandException known: return (known.ExitCode, known.Message);
                case PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedObject }:
                    return (ExitCode.NoDatabase, words["Error.NoTables", Where()]);
                case PostgresException answer
                    when !DatabaseFailure.IsAway(answer):
                    return (ExitCode.Unexpected, words["Error.Unexpected", answer.MessageText]);
                case PostgresException answer: return (ExitCode.NoDatabase, words["Error.DatabaseRefused", Where(), Sentence(answer.MessageText)]);
                case NpgsqlException: return (ExitCode.NoDatabase, words["Error.Database", Where()]);
                case AddressInUseException: return (ExitCode.BadInput, words["Error.Port", AddressIn(thrown.Message)]);
                case AggregateException { InnerExceptions: var all } when all.All(inner => inner is OptionsValidationException):
                    return (ExitCode.BadInput,
                        words["Error.Setting", string.Join(' ', all.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures))]);
                case OptionsValidationException invalid: return (ExitCode.BadInput, words["Error.Setting", string.Join(' ', invalid.Failures)]);
                case ConfigurationException { InnerException: null } setting: return (ExitCode.BadInput, words["Error.Setting", setting.Message]);
                case InvalidOperationException
                    when UnreadableSetting.Explain(e) is { } unreadable:
                    return (ExitCode.BadInput, words["Error.Setting", unreadable]);
                case TemplateException templates: return (ExitCode.BadInput, words["Error.Setting", TemplatesAtStart.SayAll(templates)]);
                case OperationCanceledException: return (130, words["Error.Stopped"]);
            }
        }

        return (ExitCode.Unexpected, words["Error.Unexpected", $"{thrown.GetType().Name}: {thrown.Message}"]);
    }

    private static string Where()
    {
        var at = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("ConnectionStrings__Mailer"));
        return $"{at.Host}:{at.Port}";
    }

    // Kestrel's sentence holds it: "Failed to bind to address http://127.0.0.1:5080: address already in use."
    private static string AddressIn(string sentence) => WebAddress().Match(sentence) is { Success: true } found ? found.Value : sentence;

    [GeneratedRegex(@"https?://[^\s/]+?(?=:?\s|:?$)")]
    private static partial Regex WebAddress();

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
