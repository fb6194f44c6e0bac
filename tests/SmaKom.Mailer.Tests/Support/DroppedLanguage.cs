using System.Resources;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>
/// The program with one more language: what a build makes of <c>….{language}.resx</c> files, beside a copy of the program. Every text of the Swedish
/// files with a mark around it.
/// </summary>
internal sealed class DroppedLanguage : IDisposable
{
    private DroppedLanguage(string folder) => Folder = folder;

    /// <summary>Of the program.</summary>
    public string Folder { get; }

    public static DroppedLanguage Of(string language, Func<string, string> translate)
    {
        var folder = Directory.CreateTempSubdirectory("smakom-language-").FullName;
        Copy(AppContext.BaseDirectory, folder);
        var target = Directory.CreateDirectory(Path.Combine(folder, language)).FullName;
        Satellite("SmaKom.Mailer", Path.Combine(Templates.Repository.Root, "src", "SmaKom.Mailer"), language, target, translate);
        Satellite("SmaKom.Mailer.Templates", Path.Combine(Templates.Repository.Root, "templates"), language, target, translate);
        return new(folder);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Satellite(string assembly, string sources, string language, string target, Func<string, string> translate)
    {
        var books = Directory.EnumerateFiles(sources, "*.resx", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".en.resx", StringComparison.Ordinal) && !file.Contains("/obj/") && !file.Contains("/bin/")).ToList();
        var resources = books.Select(file => new ResourceDescription(
            $"{assembly}.{Path.GetRelativePath(sources, file)[..^".resx".Length].Replace('/', '.')}.{language}.resources",
            () => Resources(file, translate), isPublic: true));
        var result = CSharpCompilation.Create($"{assembly}.resources",
            [CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyCulture(\"{language}\")]")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .Emit(Path.Combine(target, $"{assembly}.resources.dll"), manifestResources: resources);
        Assert.That(result.Success, string.Join('\n', result.Diagnostics));
    }

    private static MemoryStream Resources(string file, Func<string, string> translate)
    {
        var written = new MemoryStream();
        using var writer = new ResourceWriter(written);
        foreach (var data in XDocument.Load(file).Root!.Elements("data"))
            writer.AddResource(data.Attribute("name")!.Value, translate(data.Element("value")!.Value));
        writer.Generate();
        return new MemoryStream(written.ToArray());
    }

    // By links, which is quick; the program itself is copied, for it finds what belongs to it where its own file really is.
    private static void Copy(string from, string to)
    {
        var script = $"cp -rs '{Path.TrimEndingDirectorySeparator(from)}/.' '{to}' && cp --remove-destination '{from}'/SmaKom.Mailer*.* '{to}'";
        using var copy = System.Diagnostics.Process.Start("sh", ["-c", script])!;
        copy.WaitForExit();
        Assert.That(copy.ExitCode, Is.Zero);
    }
}
