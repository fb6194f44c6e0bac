using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;
using RazorLight;
using SmaKom.Mailer.Templates.Markup;
using SmaKom.Mailer.Templates.Rendering;

namespace SmaKom.Mailer.Templates.Mail;

/// <summary>What every template inherits: <c>@inherits LetterPage&lt;…Model&gt;</c>. Whatever it writes with @ is encoded.</summary>
public abstract class LetterPage<TModel> : TemplatePage<TModel> where TModel : MailModel
{
    // RazorLight injects no encoder; its own writes å as &#xE5;.
    protected LetterPage() => HtmlEncoder = LetterHtml.Encoder;

    protected MailStyles Styles => Model.Styles;

    /// <summary>A part, rendered at this place by the template that belongs to its kind of model.</summary>
    protected async Task<IHtmlContent> PartAsync(MailModel part)
    {
        await IncludeAsync(TemplateFiles.Of(part), part);
        return HtmlString.Empty;
    }
}

/// <summary>What a template of a part of an issue inherits.</summary>
public abstract class LetterPart<TModel> : LetterPage<TModel> where TModel : PartModel
{
    protected const int ContentWidth = MailStyles.ContentWidth;

    protected MailFrame Frame => Model.Frame;

    protected Typesetting Set => Model.Frame.Set;

    /// <summary>A preview's name of a part of the content; null in what is sent.</summary>
    protected string? Mark(object part) => Set.Context.MarkOf?.Invoke(part);

    /// <summary>Markdown that staff have written, as the elements of a mail.</summary>
    protected IHtmlContent Body(string markdown) => new MarkdownBody(markdown, Styles.OfBody, MailStyles.DarkClassOf, Frame.Level + 1);
}

/// <summary>Encodes what HTML must have encoded and nothing else: å stays å.</summary>
internal static class LetterHtml
{
    public static HtmlEncoder Encoder { get; } = HtmlEncoder.Create(UnicodeRanges.All);
}
