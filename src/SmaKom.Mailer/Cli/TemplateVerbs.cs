using System.CommandLine;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom templates …</c>: for whoever gives the letters a look of their own. Neither needs a database.</summary>
internal static class TemplateVerbs
{
    public static Command Create(Terminal terminal) =>
        new("templates", terminal.Words["Templates"]) { CreateCheck(terminal), CreateExport(terminal) };

    private static Command CreateCheck(Terminal terminal)
    {
        var folder = new Argument<string?>("folder") { Description = terminal.Words["Argument.TemplateFolder"], Arity = ArgumentArity.ZeroOrOne };
        var check = new Command("check", terminal.Words["Templates.Check"]) { folder };
        check.SetAction((parsed, _) => CheckAsync(parsed.GetValue(folder) ?? FolderOfTheService(), terminal));
        return check;
    }

    private static async Task<int> CheckAsync(string? folder, Terminal terminal)
    {
        try
        {
            var engine = await LetterEngine.ForAsync(folder);
            var milliseconds = (int)engine.CompileTime.TotalMilliseconds;
            terminal.Say(terminal.Words["Templates.AllRight", TemplateFiles.Names.Count, engine.CompileTime.TotalSeconds]);
            terminal.Data(new { folder, templates = TemplateFiles.Names.Count, milliseconds, faults = Array.Empty<object>() });
            return ExitCode.Done;
        }
        catch (TemplateException wrong)
        {
            var said = TemplatesAtStart.Say(wrong).ToList();
            terminal.Data(new { folder, faults = wrong.Faults.Zip(said, (fault, message) => new { fault.Kind, fault.File, fault.Line, message }) });
            return terminal.Fail(ExitCode.BadInput, string.Join('\n', said));
        }
    }

    private static Command CreateExport(Terminal terminal)
    {
        var folder = new Argument<string>("folder") { Description = terminal.Words["Argument.ExportFolder"] };
        var export = new Command("export", terminal.Words["Templates.Export"]) { folder };
        export.SetAction(parsed => Export(parsed.GetRequiredValue(folder), terminal));
        return export;
    }

    private static int Export(string folder, Terminal terminal)
    {
        try
        {
            var (written, kept) = TemplateFiles.Export(folder);
            terminal.Say(terminal.Words["Templates.Written", written.Count, Path.GetFullPath(folder)]);
            if (kept.Count > 0) terminal.Say(terminal.Words["Templates.Kept", string.Join(", ", kept)]);
            terminal.Data(new { folder = Path.GetFullPath(folder), written, kept });
            return kept.Count == 0 ? ExitCode.Done : ExitCode.Partly;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail(ExitCode.BadInput, terminal.Words["Templates.CannotWrite", folder, e.Message]);
        }
    }

    private static string EnvironmentName => Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Production;

    // As the service reads it, but without a host: that would ask for a database.
    private static string? FolderOfTheService() => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, $"appsettings.{EnvironmentName}.json"), optional: true)
        .AddEnvironmentVariables()
        .AddEnvironmentVariables("SMAKOM__")
        .Build()[TemplatesAtStart.FolderSetting];
}
