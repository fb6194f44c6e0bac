using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Mail;
using SmaKom.Mailer.Templates.Rendering;
using SmaKom.Mailer.Templates.Text;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates;

/// <summary>
/// Content in, letter out. Holds nothing between calls and may be used from many threads.
/// Preview, test letter and real send all come through here, so that what is seen is what is sent.
/// A mail is rendered from .cshtml files by RazorLight; the letter on a page is a component, as pages are.
/// </summary>
public sealed partial class LetterRenderer(IServiceProvider services, ILoggerFactory loggers, LetterLook look)
{
    private readonly Lazy<Task<LetterEngine>> _engine = new(() => LetterEngine.ForAsync(look.Folder));

    /// <summary>Makes all templates ready, if no one in this process has done so yet. Without this call the first mail does.</summary>
    /// <returns>How long that took, and how many had to be compiled.</returns>
    /// <exception cref="TemplateException">A template is wrong.</exception>
    public Task<LetterEngine> PrepareAsync() => _engine.Value;

    /// <summary>A whole document for an inbox (or a preview of one) and the text part of the same content.</summary>
    public async Task<RenderedLetter> RenderAsync(IssueContent content, LetterContext context)
    {
        var shown = content.WithoutEmptyParts();
        return new(content.Subject, await RenderMailAsync(new IssueModel(shown, context)), IssueText.Write(shown, context));
    }

    /// <summary>
    /// The same content as a fragment for a page: semantic, no tables, no style attributes; classes of <see cref="LetterCss"/>.
    /// Its headings begin at h1 (the subject). On <see cref="LetterSurface.Browser"/> it ends with the personal footer.
    /// </summary>
    public async Task<string> RenderWebBodyAsync(IssueContent content, LetterContext context)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<Web.IssueArticle>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(Web.IssueArticle.Content)] = content.WithoutEmptyParts(),
                [nameof(Web.IssueArticle.Context)] = context,
            }));
            return Tidy(root.ToHtmlString());
        });
    }

    /// <summary>The mail with one button that confirms a sign-up.</summary>
    public Task<RenderedLetter> RenderConfirmationAsync(NoticeContext context) => RenderNoticeAsync("Confirm", context);

    /// <summary>The mail that says that the subscription has ended, with a button that undoes it.</summary>
    public Task<RenderedLetter> RenderUnsubscribeReceiptAsync(NoticeContext context) =>
        RenderNoticeAsync(context.ListName is null ? "Receipt" : "ReceiptList", context);

    /// <summary>To a new address, which somebody wants letters at.</summary>
    public Task<RenderedLetter> RenderAddressConfirmationAsync(NoticeContext context) => RenderNoticeAsync("Address", context);

    /// <summary>To the old address, before the new one is confirmed.</summary>
    public Task<RenderedLetter> RenderAddressNoticeAsync(NoticeContext context) => RenderNoticeAsync("AddressNotice", context);

    /// <summary>The mail with the links that every letter carries, for whoever has none left.</summary>
    public Task<RenderedLetter> RenderLinksAsync(NoticeContext context) => RenderNoticeAsync("Links", context);

    /// <summary>To the office: somebody could not use a page.</summary>
    public Task<RenderedLetter> RenderFaultReportAsync(NoticeContext context) => RenderNoticeAsync("Fault", context);

    private async Task<RenderedLetter> RenderNoticeAsync(string kind, NoticeContext context)
    {
        var words = new LetterWords(context.Language);
        var validity = context.ValidFor is { } time ? words.With(kind + "Validity", (int)time.TotalHours, (int)time.TotalDays) : null;
        var html = await RenderMailAsync(new NoticeModel(kind, context, words, validity));
        return new RenderedLetter(words[kind + "Subject"], html, NoticeText.Write(kind, context, words, validity));
    }

    private async Task<string> RenderMailAsync(DocumentModel model)
    {
        var engine = await _engine.Value;
        // RazorLight writes an attribute that is null as an empty one: what is sent has no marks of its parts.
        return Tidy(await engine.RenderAsync(model)).Replace(" data-part=\"\"", "", StringComparison.Ordinal);
    }

    // Razor keeps its files' indentation and empty lines; a mail has 90 kB to spend.
    private static string Tidy(string html)
    {
        var lines = BlankSpace().Replace(html.ReplaceLineEndings("\n"), "\n").Trim();
        return BreakBeforeEnd().Replace(BreakAfterStart().Replace(lines, "$1"), "") + "\n";
    }

    [GeneratedRegex(@"[ \t]*\n[ \t\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex BlankSpace();

    // A line break inside an element, at its beginning or end, is a template's layout. (Elements without content have no inside.)
    [GeneratedRegex(@"(<(?!meta\b|img\b|br\b|style\b|[/!])[^<>]+>)\n", RegexOptions.CultureInvariant)]
    private static partial Regex BreakAfterStart();

    [GeneratedRegex(@"\n(?=</(?!style\b))", RegexOptions.CultureInvariant)]
    private static partial Regex BreakBeforeEnd();
}
