using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Issues;

/// <summary>The letters' templates are made ready and tried before anything else starts: a fault is told now, not at an issue's hour.</summary>
public static partial class TemplatesAtStart
{
    /// <summary>Names a folder whose files replace the built-in ones by name.</summary>
    public const string FolderSetting = "Templates:Folder";

    /// <exception cref="TemplateException">A template is wrong.</exception>
    public static async Task PrepareTemplatesAsync(this IServiceProvider services)
    {
        var engine = await services.GetRequiredService<LetterRenderer>().PrepareAsync();
        Log.Ready(services.GetRequiredService<ILogger<LetterRenderer>>(), TemplateFiles.Names.Count, engine.Compiled,
            (int)engine.CompileTime.TotalMilliseconds);
    }

    /// <summary>Each fault in the language of whoever started the program, with file, line and what to do.</summary>
    public static IEnumerable<string> Say(TemplateException wrong) => wrong.Faults.Select(fault => fault.Kind switch
    {
        TemplateFaultKind.UnknownName =>
            SettingWords.Say("Templates.UnknownName", fault.Place, string.Join(", ", TemplateFiles.Names.Order(StringComparer.Ordinal))),
        TemplateFaultKind.NoFolder => SettingWords.Say("Templates.NoFolder", fault.Place),
        TemplateFaultKind.Missing => SettingWords.Say("Templates.Missing", fault.Place),
        TemplateFaultKind.Unreadable => SettingWords.Say("Templates.Unreadable", fault.Place, fault.Message),
        TemplateFaultKind.WrongModel => SettingWords.Say("Templates.WrongModel", fault.Place, fault.Message),
        TemplateFaultKind.Trial => SettingWords.Say("Templates.Trial", fault.Place, fault.Message),
        _ => SettingWords.Say("Templates.Compiler", fault.Place, fault.Message),
    });

    /// <summary>All faults, and the way out.</summary>
    public static string SayAll(TemplateException wrong) => string.Join('\n', ["", .. Say(wrong), SettingWords.Say("Templates.WayOut")]);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information,
            Message = "The letters' {Count} templates are ready; {Compiled} of them were compiled. It took {Milliseconds} ms.")]
        public static partial void Ready(ILogger logger, int count, int compiled, int milliseconds);
    }
}
