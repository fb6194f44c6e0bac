using System.Collections.Concurrent;
using System.Diagnostics;
using RazorLight;
using RazorLight.Caching;
using RazorLight.Compilation;
using RazorLight.Generation;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// RazorLight over one set of files, all of them compiled. There is one a process for each set: a compiler's time is not
/// spent twice, whoever asks.
/// </summary>
public sealed class LetterEngine
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<LetterEngine>>> Engines = new(StringComparer.Ordinal);

    private readonly EngineHandler _razor;

    private LetterEngine(EngineHandler razor, int compiled, TimeSpan compileTime)
    {
        _razor = razor;
        Compiled = compiled;
        CompileTime = compileTime;
    }

    /// <summary>How many templates had to be compiled: none of the program's own, which its build has compiled.</summary>
    public int Compiled { get; }

    /// <summary>How long it took to have all templates ready, by the wall clock.</summary>
    public TimeSpan CompileTime { get; }

    /// <param name="folder">An association's own files; null or empty for none.</param>
    /// <exception cref="TemplateException">A template is wrong; all faults are named.</exception>
    public static async Task<LetterEngine> ForAsync(string? folder)
    {
        var sources = TemplateSources.Read(folder);
        var engine = Engines.GetOrAdd(sources.Fingerprint,
            _ => new Lazy<Task<LetterEngine>>(() => CompileAsync(sources, new CompiledTemplates(sources, CompiledTemplates.BuiltInFolder))));
        try
        {
            return await engine.Value;
        }
        catch
        {
            Engines.TryRemove(new(sources.Fingerprint, engine));
            throw;
        }
    }

    /// <summary>Compiles the program's own templates into files, for <see cref="CompiledTemplates"/>.</summary>
    /// <exception cref="TemplateException">A template is wrong; all faults are named.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task<LetterEngine> PrecompileAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var sources = TemplateSources.Read(folder: null);
        var files = new CompiledTemplates(sources, folder);
        files.RemoveOthers();
        return await CompileAsync(sources, files, files);
    }

    /// <summary>The whole mail.</summary>
    public Task<string> RenderAsync(DocumentModel model) => _razor.CompileRenderAsync(TemplateFiles.Of(model), model);

    private static async Task<LetterEngine> CompileAsync(TemplateSources sources, CompiledTemplates files, IPrecompileCallback? onCompiled = null)
    {
        var clock = Stopwatch.StartNew();
        var cache = new MemoryCachingProvider();
        var compiled = TemplateFiles.Names.Count - files.Load(cache);
        var razor = Assemble(sources, cache, onCompiled);
        var found = await Task.WhenAll(TemplateFiles.Names.Select(name => Task.Run(() => TemplateCheck.CompileAsync(razor, sources, name))));
        TemplateCheck.ThrowIfAny(found.SelectMany(faults => faults));
        var engine = new LetterEngine(razor, compiled, clock.Elapsed);
        TemplateCheck.ThrowIfAny(await TemplateCheck.TryOutAsync(engine, sources));
        return engine;
    }

    private static EngineHandler Assemble(TemplateSources sources, MemoryCachingProvider cache, IPrecompileCallback? onCompiled)
    {
        var options = new RazorLightOptions { DisableEncoding = false };
        var compiler = new RazorTemplateCompiler(
            new RazorSourceGenerator(RazorLanguage.Create(), sources),
            new RoslynCompilationService(new ProgramReferences(), typeof(LetterEngine).Assembly, onCompiled),
            sources,
            options);
        return new EngineHandler(options, compiler, new TemplateFactoryProvider(), cache);
    }
}
