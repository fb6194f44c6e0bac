using System.CommandLine;
using System.Globalization;
using System.Text;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Cli;

/// <summary>What <c>smakom</c> understands. Without a verb it serves.</summary>
public static class CommandLine
{
    internal static readonly Option<bool> Json = new("--json") { Recursive = true };

    public static async Task<int> RunAsync(string[] args)
    {
        SpeakTheReadersLanguage();
        var terminal = new Terminal(args.Contains("--json"));
        var parsed = Describe(terminal).Parse(args);
        if (parsed.Errors.Count > 0) return terminal.Fail(ExitCode.BadInput, new ParseErrorText(parsed, terminal.Words).Text);
        try
        {
            SecretFiles.Load();
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // SIGTERM is the host's: letters in flight end first.
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            return Failure.Tell(e, terminal);
        }
    }

    private static RootCommand Describe(Terminal terminal)
    {
        Json.Description = terminal.Words["Option.Json"];
        var root = new RootCommand($"{terminal.Words["Root"]}\n{terminal.Words["ExitCodes"]}")
        {
            Json,
            ServeCommand.Create(terminal),
            ServeCommand.CreateMigrate(terminal),
            IssueVerbs.Create(terminal),
            SubscriberVerbs.Create(terminal),
            ListVerbs.Create(terminal),
            DeliveryVerbs.Create(terminal),
            HaltVerbs.Create(terminal),
            StaffVerbs.Create(terminal),
            RelayVerbs.Create(terminal),
            LimitVerbs.Create(terminal),
            MailboxVerbs.Create(terminal),
            BounceVerbs.Create(terminal),
            TemplateVerbs.Create(terminal),
            HealthVerbs.CreateStatus(terminal),
            HealthVerbs.CreateDoctor(terminal),
            DemoCommand.Create(terminal),
        };
        root.HelpName = "smakom";
        CommandHelp.Install(root, terminal.Words);
        root.SetAction((_, ct) => ServeCommand.RunAsync(null, terminal, ct));
        return root;
    }

    private static void SpeakTheReadersLanguage()
    {
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CliWords.LanguageOf(Environment.GetEnvironmentVariable);
        Console.OutputEncoding = Encoding.UTF8;
    }
}
