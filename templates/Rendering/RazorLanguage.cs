using Microsoft.AspNetCore.Razor.Language;
using Microsoft.AspNetCore.Razor.Language.Extensions;
using Microsoft.AspNetCore.Razor.Language.Intermediate;
using RazorLight.Instrumentation;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>RazorLight's dialect of Razor, with the line breaks of Razor components: see <see cref="CodeBlockLines"/>.</summary>
internal static class RazorLanguage
{
    public static RazorEngine Create() => RazorProjectEngine.Create(RazorConfiguration.Default, RazorProjectFileSystem.Create(AppContext.BaseDirectory), builder =>
    {
        InjectDirective.Register(builder);
        ModelDirective.Register(builder);
        SectionDirective.Register(builder);
        builder.Features.Add(new RazorLightTemplateDocumentClassifierPass());
        builder.Features.Add(new RazorLightAssemblyAttributeInjectionPass());
        builder.Features.Add(new CodeBlockLines());
    }).Engine;
}

/// <summary>
/// Line breaks beside a block of code, and at the ends of a file, are the template's layout and not the letter's: they are left out,
/// as in a Razor component. Without this a template could not be broken into lines freely, for a break is a space in a letter.
/// </summary>
internal sealed class CodeBlockLines : IntermediateNodePassBase, IRazorOptimizationPass
{
    protected override void ExecuteCore(RazorCodeDocument codeDocument, DocumentIntermediateNode documentNode)
    {
        if (documentNode.FindPrimaryMethod() is { } method) Tidy(method);
    }

    private static void Tidy(IntermediateNode parent)
    {
        var children = parent.Children;
        for (var i = 0; i < children.Count; i++)
        {
            if (children[i] is HtmlContentIntermediateNode html)
            {
                if (i == 0 || IsCode(children[i - 1])) Trim(html, start: true);
                if (i == children.Count - 1 || IsCode(children[i + 1])) Trim(html, start: false);
            }
            else if (children[i] is SectionIntermediateNode)
            {
                Tidy(children[i]);
            }
        }
    }

    private static bool IsCode(IntermediateNode node) => node is CSharpCodeIntermediateNode or SectionIntermediateNode or DirectiveIntermediateNode;

    private static void Trim(HtmlContentIntermediateNode html, bool start)
    {
        var tokens = html.Children.OfType<IntermediateToken>();
        foreach (var token in start ? tokens : tokens.Reverse())
        {
            var kept = start ? token.Content.TrimStart() : token.Content.TrimEnd();
            var dropped = start ? token.Content[..(token.Content.Length - kept.Length)] : token.Content[kept.Length..];
            if (dropped.Contains('\n', StringComparison.Ordinal)) token.Content = kept;
            if (token.Content.Length > 0) return;
        }
    }
}
