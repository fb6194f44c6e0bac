using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using RazorLight;
using RazorLight.Caching;
using RazorLight.Compilation;
using RazorLight.Generation;
using RazorLight.Razor;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// Templates that were compiled when the program was built, so that a start need not load a compiler. Each lies in a file whose name
/// holds a hash of its text, of this program and of the .NET that it was compiled against: for anything else it is not taken, and the
/// template is compiled at the start.
/// </summary>
/// <param name="folder">Where they lie, or are to be written. It need not exist.</param>
internal sealed class CompiledTemplates(TemplateSources sources, string folder) : IPrecompileCallback
{
    private const int HashLength = 16;

    /// <summary>Where the program's own compiled templates lie. Whoever may write here may run code in the service.</summary>
    public static string BuiltInFolder { get; } = Path.Combine(TemplateFiles.BuiltInFolder, "compiled");

    // Each build of an assembly has an identifier of its own, which is made of its content.
    private static readonly string Program = string.Join('\0', new[] { typeof(LetterEngine), typeof(TemplatePage), typeof(object) }
        .Select(type => type.Module.ModuleVersionId));

    /// <summary>Gives RazorLight what there is.</summary>
    /// <returns>How many templates are there.</returns>
    public int Load(MemoryCachingProvider cache)
    {
        var loaded = 0;
        foreach (var name in TemplateFiles.Names)
        {
            if (Factory(name) is not { } factory) continue;
            cache.CacheTemplate(name, factory);
            loaded++;
        }

        return loaded;
    }

    /// <summary>Called by RazorLight for each template that it has compiled.</summary>
    public void Invoke(IGeneratedRazorTemplate generatedRazorTemplate, byte[] rawAssembly, byte[] rawSymbolStore)
    {
        var path = PathOf(generatedRazorTemplate.TemplateKey);
        File.WriteAllBytes(Path.ChangeExtension(path, ".pdb"), rawSymbolStore);
        // Last, since it is what Load looks for.
        File.WriteAllBytes(path, rawAssembly);
    }

    /// <summary>Removes what belongs to other texts or to another build of the program.</summary>
    public void RemoveOthers()
    {
        var current = TemplateFiles.Names.Select(name => Path.GetFileNameWithoutExtension(PathOf(name))).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => !current.Contains(Path.GetFileNameWithoutExtension(path))))
            File.Delete(path);
    }

    // A file that is cut short or may not be read is as none: what is needed can be compiled.
    private Func<ITemplatePage>? Factory(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path)) return null;
        try
        {
            var assembly = Assembly.Load(File.ReadAllBytes(path), File.ReadAllBytes(Path.ChangeExtension(path, ".pdb")));
            var template = assembly.GetCustomAttribute<RazorLightTemplateAttribute>();
            return new TemplateFactoryProvider().CreateFactory(new CompiledTemplateDescriptor { TemplateKey = name, TemplateAttribute = template });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null;
        }
    }

    private string PathOf(string name)
    {
        var text = string.Join('\0', Program, name, sources.TextOf(TemplateFiles.Imports), sources.TextOf(name));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
        return Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(name)}-{hash}.dll");
    }
}
