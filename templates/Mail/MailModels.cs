using Microsoft.AspNetCore.Html;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates.Mail;

/// <summary>What a template of the mail is given. Each kind of model has one template: the table in <see cref="Rendering.TemplateFiles"/>.</summary>
public abstract record MailModel(MailStyles Styles);

/// <summary>What all parts of an issue share.</summary>
/// <param name="Level">Of the headings of articles and events: one below the heading that they stand under.</param>
public sealed record MailFrame(Typesetting Set, MailStyles Styles, int Level = 3)
{
    /// <summary>The frame of what stands in a section.</summary>
    public MailFrame Under(Section section) => this with { Level = section.HasHeading ? 3 : 2 };
}

/// <summary>A part of an issue.</summary>
public abstract record PartModel(MailFrame Frame) : MailModel(Frame.Styles);

/// <summary>What the layout, MailDocument.cshtml, needs of every whole mail.</summary>
public abstract record DocumentModel(string Title, string Language, Theme Theme) : MailModel(new MailStyles(Theme))
{
    /// <summary>"brev" or "letter", for a screen reader.</summary>
    public string RoleDescription => new LetterWords(Language)["RoleMail"];
}

/// <summary>One issue as a mail.</summary>
public sealed record IssueModel(IssueContent Content, LetterContext Context) : DocumentModel(Content.Subject, Content.Language, Context.Theme)
{
    public MailFrame Frame => new(Typesetting.For(Content, Context), Styles);
}

/// <summary>A mail about the subscription itself.</summary>
/// <param name="Kind">Prefix of its texts in Letter.resx.</param>
/// <param name="Validity">How long the button works, in words; null leaves the sentence out.</param>
public sealed record NoticeModel(string Kind, NoticeContext Context, LetterWords Words, string? Validity)
    : DocumentModel(Words[Kind + "Subject"], Context.Language, Context.Theme)
{
    /// <summary>When what it tells of happened, in words; empty when no time is given.</summary>
    public string When => WhenOf(Context);

    internal static string WhenOf(NoticeContext context) => context.At is { } at ? new LetterDates(context.Language).DayAndTime(at) : "";
}

public sealed record HeadModel(MailStyles Styles, Theme Theme) : MailModel(Styles)
{
    /// <summary>
    /// The dark theme's rules. Outlook's web mail recolours by itself and marks what it has: text as data-ogsc, backgrounds as data-ogsb. There the
    /// same rules are needed again, each kind under its mark.
    /// </summary>
    /// <param name="colours">A selector with a space after it, or nothing.</param>
    /// <param name="backgrounds">As <paramref name="colours"/>.</param>
    public IHtmlContent Dark(string colours = "", string backgrounds = "") => new HtmlString(DarkRules.For(Theme.Dark, colours, backgrounds));
}

public sealed record SectionModel(MailFrame Frame, Section Section) : PartModel(Frame);

/// <param name="Width">Pixels that pictures may fill.</param>
/// <param name="PictureFirst">Over the heading, so that two neighbours' pictures align whatever length their headings have.</param>
public sealed record ArticleModel(MailFrame Frame, Article Article, int Width = MailStyles.ContentWidth, bool PictureFirst = false) : PartModel(Frame)
{
    public bool Beside =>
        Article.Layout is ArticleLayout.PictureLeft or ArticleLayout.PictureRight && Article.Pictures.Count > 0;
}

public sealed record BoxModel(MailFrame Frame, Article Article) : PartModel(Frame);

public sealed record TipsModel(MailFrame Frame, TipsPair Pair) : PartModel(Frame)
{
    /// <summary>The model of one half.</summary>
    /// <param name="width">Pixels that its pictures may fill.</param>
    public PartModel Half(Block half, int width) => half is EventItem item
        ? new EventModel(Frame, item, width)
        : new ArticleModel(Frame, (Article)half with { Layout = ArticleLayout.FullWidth }, width, PictureFirst: true);
}

/// <param name="Width">Pixels that its picture may fill.</param>
public sealed record EventModel(MailFrame Frame, EventItem Item, int Width = MailStyles.ContentWidth) : PartModel(Frame);

public sealed record CalendarModel(MailFrame Frame) : PartModel(Frame);

public sealed record HeadingModel(MailFrame Frame, Article Article) : PartModel(Frame);

/// <param name="PicturesFrom">Which pictures stand under the text: those before it have a place already.</param>
/// <param name="Width">Pixels that they may fill.</param>
public sealed record TextModel(MailFrame Frame, Article Article, int PicturesFrom, int Width = 292) : PartModel(Frame);

/// <param name="Lead">From edge to edge of the card.</param>
public sealed record PictureModel(MailFrame Frame, Picture Picture, int Width, bool Lead = false) : PartModel(Frame);

public sealed record SignatureModel(MailFrame Frame, Signature Signature) : PartModel(Frame);

public sealed record CallModel(MailFrame Frame, CallToAction Call) : PartModel(Frame);

public sealed record ContactModel(MailFrame Frame, ContactBlock Contact) : PartModel(Frame);

public sealed record FooterModel(MailFrame Frame) : PartModel(Frame);

/// <param name="Url">Null leaves the link out.</param>
public sealed record FooterLinkModel(MailStyles Styles, string? Url, string Text, bool First = false) : MailModel(Styles);

public sealed record ButtonModel(MailStyles Styles, string Text, string Url) : MailModel(Styles);

public sealed record SenderModel(MailStyles Styles, SenderIdentity Sender, LetterWords Words) : MailModel(Styles);

public sealed record WordmarkModel(MailStyles Styles, SenderIdentity Sender, Theme Theme) : MailModel(Styles);
