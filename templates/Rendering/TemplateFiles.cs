using System.Collections.Frozen;
using SmaKom.Mailer.Templates.Mail;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// The templates that there are, by file name. A name is never made of anything that a person has typed: RazorLight would
/// compile "../x.cshtml" from outside its folder.
/// </summary>
public static class TemplateFiles
{
    /// <summary>The @using lines of all templates; not replaced by an association's folder.</summary>
    public const string Imports = "_ViewImports.cshtml";

    public const string Layout = "MailDocument.cshtml";

    private static readonly FrozenDictionary<Type, string> ByModel = new Dictionary<Type, string>
    {
        [typeof(IssueModel)] = "IssueMail.cshtml",
        [typeof(NoticeModel)] = "NoticeMail.cshtml",
        [typeof(HeadModel)] = "MailHead.cshtml",
        [typeof(SectionModel)] = "SectionPart.cshtml",
        [typeof(ArticleModel)] = "ArticlePart.cshtml",
        [typeof(BoxModel)] = "BoxPart.cshtml",
        [typeof(TipsModel)] = "TipsPart.cshtml",
        [typeof(EventModel)] = "EventPart.cshtml",
        [typeof(CalendarModel)] = "CalendarPart.cshtml",
        [typeof(HeadingModel)] = "HeadingPart.cshtml",
        [typeof(TextModel)] = "TextPart.cshtml",
        [typeof(PictureModel)] = "PicturePart.cshtml",
        [typeof(SignatureModel)] = "SignaturePart.cshtml",
        [typeof(CallModel)] = "CallPart.cshtml",
        [typeof(ContactModel)] = "ContactPart.cshtml",
        [typeof(FooterModel)] = "FooterPart.cshtml",
        [typeof(FooterLinkModel)] = "FooterLink.cshtml",
        [typeof(ButtonModel)] = "ButtonPart.cshtml",
        [typeof(SenderModel)] = "SenderPart.cshtml",
        [typeof(WordmarkModel)] = "WordmarkPart.cshtml",
    }.ToFrozenDictionary();

    /// <summary>Every template, the layout among them.</summary>
    public static FrozenSet<string> Names { get; } = ByModel.Values.Append(Layout).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Where the program's own files lie.</summary>
    public static string BuiltInFolder { get; } = Path.Combine(AppContext.BaseDirectory, "templates");

    /// <summary>Writes the program's own files into a folder, to begin a look from. What is there already stays as it is.</summary>
    /// <returns>Names of the files written, and of those that were there.</returns>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    public static (IReadOnlyList<string> Written, IReadOnlyList<string> Kept) Export(string folder)
    {
        Directory.CreateDirectory(folder);
        var names = Names.Order(StringComparer.Ordinal).ToLookup(name => File.Exists(Path.Combine(folder, name)));
        foreach (var name in names[false]) File.Copy(Path.Combine(BuiltInFolder, name), Path.Combine(folder, name));
        return ([.. names[false]], [.. names[true]]);
    }

    public static string Of(MailModel model) => ByModel[model.GetType()];

    /// <summary>What a template is given.</summary>
    public static Type ModelOf(string name) => name == Layout ? typeof(DocumentModel) : ByModel.First(pair => pair.Value == name).Key;

    /// <summary>What the class of a template for this model is called, for a message.</summary>
    public static string BaseOf(Type model) => model.IsSubclassOf(typeof(PartModel)) ? "LetterPart" : "LetterPage";
}
