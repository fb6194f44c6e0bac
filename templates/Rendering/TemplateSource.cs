using System.Security.Cryptography;
using System.Text;
using RazorLight.Razor;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>One file, as read at start: what is changed afterwards counts from the next start.</summary>
/// <param name="Path">Where it lies, for messages.</param>
internal sealed record TemplateSource(string Name, string Path, string Text);

/// <summary>The program's own files, with those of an association's folder in their place where names agree.</summary>
internal sealed class TemplateSources : RazorLightProject
{
    private readonly Dictionary<string, TemplateSource> _files;

    private TemplateSources(Dictionary<string, TemplateSource> files) => _files = files;

    /// <summary>The same texts give the same mark.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes(
            string.Join('\0', _files.Values.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Name}\0{file.Text}")))));

    /// <param name="folder">An association's own files; null or empty for none.</param>
    /// <exception cref="TemplateException">A file is missing, cannot be read, or has a name that no template has.</exception>
    public static TemplateSources Read(string? folder)
    {
        var faults = new List<TemplateFault>();
        var files = new Dictionary<string, TemplateSource>(StringComparer.Ordinal);
        foreach (var name in TemplateFiles.Names.Append(TemplateFiles.Imports)) Add(TemplateFiles.BuiltInFolder, name);
        if (!string.IsNullOrEmpty(folder)) AddOwn(folder);
        return faults.Count == 0 ? new TemplateSources(files) : throw new TemplateException(faults);

        void AddOwn(string from)
        {
            if (!Directory.Exists(from)) Wrong(TemplateFaultKind.NoFolder, from);
            else foreach (var name in Directory.EnumerateFiles(from, "*.cshtml").Select(path => System.IO.Path.GetFileName(path))
                .Order(StringComparer.Ordinal))
                // An old copy of the imports would outlive an upgrade, and the program's own templates would no longer compile.
                if (name != TemplateFiles.Imports) Add(from, name);
        }

        void Add(string from, string name)
        {
            var path = System.IO.Path.Combine(from, name);
            try
            {
                if (!TemplateFiles.Names.Contains(name) && name != TemplateFiles.Imports) Wrong(TemplateFaultKind.UnknownName, path);
                else if (!File.Exists(path)) Wrong(TemplateFaultKind.Missing, path);
                else files[name] = new TemplateSource(name, path, File.ReadAllText(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Wrong(TemplateFaultKind.Unreadable, path, e.Message);
            }
        }

        void Wrong(TemplateFaultKind kind, string path, string message = "") => faults.Add(new TemplateFault(kind, path, 0, message));
    }

    public string TextOf(string name) => _files[name].Text;

    public string PathOf(string name) => _files.TryGetValue(name, out var file) ? file.Path : name;

    /// <summary>A key that is not in the table has no item, whatever lies in a folder under that name.</summary>
    public override Task<RazorLightProjectItem> GetItemAsync(string templateKey) => Task.FromResult<RazorLightProjectItem>(
        new Item(templateKey, TemplateFiles.Names.Contains(templateKey) ? _files.GetValueOrDefault(templateKey) : null));

    public override Task<IEnumerable<RazorLightProjectItem>> GetImportsAsync(string templateKey) =>
        Task.FromResult<IEnumerable<RazorLightProjectItem>>([new Item(TemplateFiles.Imports, _files[TemplateFiles.Imports])]);

    private sealed class Item(string key, TemplateSource? source) : RazorLightProjectItem
    {
        public override string Key => key;

        public override bool Exists => source is not null;

        public override Stream Read() => new MemoryStream(Encoding.UTF8.GetBytes(source!.Text));
    }
}
