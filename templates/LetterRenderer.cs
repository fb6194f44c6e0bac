using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Mail;
using SmaKom.Mailer.Templates.Text;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates;

/// <summary>
/// Content in, letter out. Holds nothing between calls and may be used from many threads.
/// Preview, test letter and real send all come through here, so that what is seen is what is sent.
/// </summary>
public sealed partial class LetterRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>A whole document for an inbox (or a preview of one) and the text part of the same content.</summary>
    public async Task<RenderedLetter> RenderAsync(IssueContent content, LetterContext context)
    {
        var html = await RenderAsync<IssueMail>(new()
        {
            [nameof(IssueMail.Content)] = content,
            [nameof(IssueMail.Context)] = context,
        });
        return new RenderedLetter(content.Subject, html, IssueText.Write(content, context));
    }

    /// <summary>
    /// The same content as a fragment for a page: semantic, no tables, no style attributes; classes of <see cref="LetterCss"/>.
    /// Its headings begin at h1 (the subject). On <see cref="LetterSurface.Browser"/> it ends with the personal footer.
    /// </summary>
    public Task<string> RenderWebBodyAsync(IssueContent content, LetterContext context) =>
        RenderAsync<Web.IssueArticle>(new()
        {
            [nameof(Web.IssueArticle.Content)] = content,
            [nameof(Web.IssueArticle.Context)] = context,
        });

    /// <summary>The mail with one button that confirms a sign-up.</summary>
    public Task<RenderedLetter> RenderConfirmationAsync(NoticeContext context) => RenderNoticeAsync("Confirm", context);

    /// <summary>The mail that says that the subscription has ended, with a button that undoes it.</summary>
    public Task<RenderedLetter> RenderUnsubscribeReceiptAsync(NoticeContext context) => RenderNoticeAsync("Receipt", context);

    private async Task<RenderedLetter> RenderNoticeAsync(string kind, NoticeContext context)
    {
        var words = new LetterWords(context.Language);
        var validity = context.ValidFor is { } time ? words.With(kind + "Validity", (int)time.TotalHours) : null;
        var html = await RenderAsync<NoticeMail>(new()
        {
            [nameof(NoticeMail.Kind)] = kind,
            [nameof(NoticeMail.Context)] = context,
            [nameof(NoticeMail.Words)] = words,
            [nameof(NoticeMail.Validity)] = validity,
        });
        return new RenderedLetter(words[kind + "Subject"], html, NoticeText.Write(kind, context, words, validity));
    }

    private async Task<string> RenderAsync<T>(Dictionary<string, object?> parameters) where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            return Tidy(root.ToHtmlString());
        });
    }

    // Razor keeps its files' indentation and empty lines; a mail has 90 kB to spend.
    private static string Tidy(string html) => BlankSpace().Replace(html.ReplaceLineEndings("\n"), "\n").Trim() + "\n";

    [GeneratedRegex(@"[ \t]*\n[ \t\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex BlankSpace();
}
