using Microsoft.AspNetCore.Razor.Language;
using Microsoft.AspNetCore.Razor.Language.Extensions;
using Microsoft.AspNetCore.Razor.Language.Intermediate;
using RazorLight.Instrumentation;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>RazorLight's dialect of Razor, with the line breaks of Razor components: see <see cref="CodeBlockLines"/>.</summary>
internal static class RazorLanguage
{
    public static RazorEngine Create() =>
        RazorProjectEngine.Create(RazorConfiguration.Default, RazorProjectFileSystem.Create(AppContext.BaseDirectory), builder =>
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
/// Line breaks and indentation beside a block of code, and at the ends of a file, are the template's layout and not the letter's: they
/// are left out, as in a Razor component. Without this a template could not be set out freely, for a break is a space in a letter.
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
                if (i == 0 || IsCode(children[i - 1])) TrimStart(html, i + 1 < children.Count ? children[i + 1] : null);
                if (i == children.Count - 1 || IsCode(children[i + 1])) TrimEnd(html);
            }
            else if (children[i] is SectionIntermediateNode)
            {
                Tidy(children[i]);
            }
        }
    }

    private static bool IsCode(IntermediateNode node) => node is CSharpCodeIntermediateNode or SectionIntermediateNode or DirectiveIntermediateNode;

    // A space between code and words, on one line, is the letter's: "@if (late) {…} tomorrow". Before a tag it is indentation.
    private static void TrimStart(HtmlContentIntermediateNode html, IntermediateNode? next)
    {
        var text = Text(html);
        var kept = text.TrimStart();
        var isIndentation = (kept.Length > 0 ? kept : Text(next)).StartsWith('<');
        if (isIndentation || text[..^kept.Length].Contains('\n', StringComparison.Ordinal)) Replace(html, kept);
    }

    private static void TrimEnd(HtmlContentIntermediateNode html)
    {
        var text = Text(html);
        var kept = text.TrimEnd();
        if (kept.EndsWith('>') || text[kept.Length..].Contains('\n', StringComparison.Ordinal)) Replace(html, kept);
    }

    private static string Text(IntermediateNode? node) =>
        node is HtmlContentIntermediateNode html ? string.Concat(html.Children.OfType<IntermediateToken>().Select(token => token.Content)) : "";

    private static void Replace(HtmlContentIntermediateNode html, string text)
    {
        html.Children.Clear();
        html.Children.Add(new IntermediateToken { Kind = TokenKind.Html, Content = text });
    }
}
