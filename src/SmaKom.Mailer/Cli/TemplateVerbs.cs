using System.CommandLine;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom templates …</c>: for whoever gives the letters a look of their own. None needs a database.</summary>
internal static class TemplateVerbs
{
    public static Command Create(Terminal terminal) =>
        new("templates", terminal.Words["Templates"]) { CreateCheck(terminal), CreateExport(terminal), CreateCompile(terminal) };

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
            return AllRight(await LetterEngine.ForAsync(folder), folder, terminal);
        }
        catch (TemplateException wrong)
        {
            return Faulty(wrong, folder, terminal);
        }
    }

    // Part of the build: an installation has nothing to compile but a look of its own.
    private static Command CreateCompile(Terminal terminal)
    {
        var folder = new Argument<string>("folder") { Description = terminal.Words["Argument.CompileFolder"] };
        var compile = new Command("compile", terminal.Words["Templates.Compile"]) { folder };
        compile.SetAction((parsed, _) => CompileAsync(parsed.GetRequiredValue(folder), terminal));
        return compile;
    }

    private static async Task<int> CompileAsync(string folder, Terminal terminal)
    {
        try
        {
            return AllRight(await LetterEngine.PrecompileAsync(folder), folder, terminal);
        }
        catch (TemplateException wrong)
        {
            return Faulty(wrong, folder, terminal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail(ExitCode.BadInput, terminal.Words["Templates.CannotWrite", folder, e.Message]);
        }
    }

    private static int AllRight(LetterEngine engine, string? folder, Terminal terminal)
    {
        var templates = TemplateFiles.Names.Count;
        terminal.Say(terminal.Words["Templates.AllRight", templates, engine.Compiled, engine.CompileTime.TotalSeconds]);
        terminal.Data(new
        {
            folder,
            templates,
            compiled = engine.Compiled,
            milliseconds = (int)engine.CompileTime.TotalMilliseconds,
            faults = Array.Empty<object>()
        });
        return ExitCode.Done;
    }

    private static int Faulty(TemplateException wrong, string? folder, Terminal terminal)
    {
        var said = TemplatesAtStart.Say(wrong).ToList();
        terminal.Data(new { folder, faults = wrong.Faults.Zip(said, (fault, message) => new { fault.Kind, fault.File, fault.Line, message }) });
        return terminal.Fail(ExitCode.BadInput, string.Join('\n', said));
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
