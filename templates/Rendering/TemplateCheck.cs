using System.Diagnostics;
using System.Globalization;
using RazorLight;
using RazorLight.Compilation;
using RazorLight.Generation;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>Finds what is wrong with templates before a letter depends on them, and says where.</summary>
internal static class TemplateCheck
{
    /// <summary>
    /// Compiles one template. It must be written for the model that it will be given: on a dynamic one a wrong property would pass.
    /// </summary>
    public static async Task<IReadOnlyList<TemplateFault>> CompileAsync(EngineHandler razor, TemplateSources sources, string name)
    {
        try
        {
            var page = await razor.CompileTemplateAsync(name);
            var model = TemplateFiles.ModelOf(name);
            return typeof(LetterPage<>).MakeGenericType(model).IsInstanceOfType(page)
                ? []
                : [new TemplateFault(TemplateFaultKind.WrongModel, sources.PathOf(name), 1,
                    $"@inherits {TemplateFiles.BaseOf(model)}<{model.Name}>")];
        }
        catch (TemplateGenerationException e)
        {
            return [.. e.Diagnostics.Select(fault =>
                Fault(sources, name, fault.Span.FilePath, fault.Span.LineIndex, fault.GetMessage(CultureInfo.CurrentCulture)))];
        }
        catch (TemplateCompilationException e)
        {
            return [.. e.CompilationDiagnostics.Select(fault =>
                Fault(sources, name, fault.LineSpan?.Path, fault.LineSpan?.StartLinePosition.Line ?? -1, fault.ErrorMessage))];
        }
    }

    /// <summary>Renders the specimen letters: a section that no one renders, or a layout that is not there, shows only then.</summary>
    public static async Task<IReadOnlyList<TemplateFault>> TryOutAsync(LetterEngine engine, TemplateSources sources)
    {
        foreach (var letter in Specimen.Letters)
        {
            try
            {
                await engine.RenderAsync(letter);
            }
            catch (Exception e) // a template is anybody's code, and may throw anything
            {
                var frame = new StackTrace(e, fNeedFileInfo: true).GetFrames()
                    .FirstOrDefault(frame => TemplateFiles.Names.Contains(frame.GetFileName() ?? ""));
                var name = frame?.GetFileName() ?? TemplateFiles.Of(letter);
                return [new TemplateFault(TemplateFaultKind.Trial, sources.PathOf(name), frame?.GetFileLineNumber() ?? 0, e.Message)];
            }
        }

        return [];
    }

    /// <exception cref="TemplateException">There is one.</exception>
    public static void ThrowIfAny(IEnumerable<TemplateFault> faults)
    {
        var all = faults.Distinct().OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line).ToList();
        if (all.Count > 0) throw new TemplateException(all);
    }

    // A fault in code that Razor wrote itself, or in the imports, has no line of this file.
    private static TemplateFault Fault(TemplateSources sources, string name, string? path, int line, string message) =>
        new(TemplateFaultKind.Compiler, sources.PathOf(name), path == name && line >= 0 ? line + 1 : 0, message);
}
