using System.Collections.Frozen;
using System.Reflection;
using Microsoft.CodeAnalysis;
using RazorLight.Compilation;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// Templates are compiled against the very files that the program runs on, so that no reference assemblies are to be published with
/// it, neither with nor without a .NET of its own. They see what a letter needs and no more: a compiler reads all that it is given.
/// </summary>
internal sealed class ProgramReferences : IMetadataReferenceManager
{
    private static readonly FrozenSet<string> Needed = new[]
    {
        "System.Private.CoreLib", "System.Private.Uri", "System.Runtime", "System.Collections", "System.Linq", "System.Linq.Expressions",
        "System.Memory", "System.Text.Encodings.Web", "System.Text.RegularExpressions", "System.Threading", "Microsoft.CSharp",
        "Microsoft.AspNetCore.Html.Abstractions", "Microsoft.AspNetCore.Razor", "Microsoft.AspNetCore.Razor.Runtime",
        "RazorLight", "SmaKom.Mailer.Templates",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public HashSet<MetadataReference> AdditionalMetadataReferences { get; } = [];

    public IReadOnlyList<MetadataReference> Resolve(Assembly assembly) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => Needed.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
