using System.Reflection;
using Microsoft.CodeAnalysis;
using RazorLight.Compilation;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// Templates are compiled against the very files that the program runs on, so that no reference assemblies are to be published with
/// it, neither with nor without a .NET of its own.
/// </summary>
internal sealed class ProgramReferences : IMetadataReferenceManager
{
    public HashSet<MetadataReference> AdditionalMetadataReferences { get; } = [];

    public IReadOnlyList<MetadataReference> Resolve(Assembly assembly) =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
