using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Mail;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates.Rendering;

/// <summary>
/// A letter with one of everything and a letter with as little as can be: what the templates are tried with before the service starts.
/// </summary>
public static class Specimen
{
    private const string Address = "https://example.org/";

    private static readonly Picture Wide = new() { MediaId = "x", Alt = "Alt", Caption = "Text", Credit = "Namn", Width = 800, Height = 600 };

    internal static IEnumerable<DocumentModel> Letters =>
    [
        new IssueModel(Issue, Context(LetterSurface.Mail)),
        new IssueModel(new IssueContent { Year = 2026, Month = 1, Subject = "Ämne", Preheader = "Text" }, Context(LetterSurface.Archive)),
        new NoticeModel("Confirm", Notice, new LetterWords("sv"), "Text"),
        new NoticeModel("Receipt", Notice with { PrivacyUrl = null }, new LetterWords("sv"), null),
        new NoticeModel("Links", Notice with { LeaveUrl = Address, MyDataUrl = Address }, new LetterWords("sv"), "Text"),
        new NoticeModel("Fault", Notice with { ActionUrl = null, Written = ["Text"] }, new LetterWords("sv"), null),
    ];

    /// <summary>An issue with one of everything.</summary>
    public static IssueContent Issue => new()
    {
        Year = 2026,
        Month = 1,
        Subject = "Ämne",
        Preheader = "Text",
        LeadPicture = Wide,
        Sections =
        [
            new Section { Heading = "Avdelning", Blocks = [.. Enum.GetValues<ArticleLayout>().Select(Article), Event, new CalendarBlock()] },
            new Section { Heading = "", Blocks = [new TipsPair { Left = Article(default), Right = Event }] },
        ],
        Contact = new ContactBlock
        {
            Name = "Namn",
            Role = "Roll",
            Text = "Text",
            Email = "namn@example.org",
            Phone = "0999-123 45",
            Site = Address,
            Portrait = Wide,
            SocialLinks = [new SocialLink { Name = "Nät", Url = Address }],
        },
    };

    private static EventItem Event => new()
    {
        Name = "Namn",
        Start = new DateOnly(2026, 1, 1),
        End = new DateOnly(2026, 1, 2),
        StartTime = new TimeOnly(9, 0),
        EndTime = new TimeOnly(16, 0),
        Place = "Plats",
        Link = Address,
        SignUpBy = new DateOnly(2025, 12, 1),
        Body = "Text",
        Picture = Wide,
    };

    private static NoticeContext Notice => new() { Theme = new Theme(), Sender = Sender, ActionUrl = Address, PrivacyUrl = Address };

    private static SenderIdentity Sender => new()
    {
        Organisation = "Förening",
        PostalAddress = "Gatan 1",
        Email = "namn@example.org",
        Phone = "0999-123 45",
        Site = Address,
        RegistrationNumber = "800000-0000",
    };

    private static Article Article(ArticleLayout layout) => new()
    {
        Kicker = "Text",
        Heading = "Rubrik",
        Body = "Text *med* [länk](https://example.org/)\n\n- ett\n\n> citat",
        Layout = layout,
        Pictures = [Wide, Wide],
        Signature = new Signature { Name = "Namn", Role = "Roll", Portrait = Wide },
        CallsToAction = [new CallToAction { Text = "Ord", Url = Address, Primary = true }, new CallToAction { Text = "Ord", Url = Address },
            new CallToAction { Text = "Ord", Url = "x" }],
    };

    private static LetterContext Context(LetterSurface surface) => new()
    {
        Theme = new Theme(),
        Sender = Sender,
        Surface = surface,
        RecipientAddress = surface == LetterSurface.Archive ? null : "namn@example.org",
        MediaUrl = media => Address + media,
        Links = surface == LetterSurface.Archive
            ? new LetterLinks()
            : new LetterLinks { Unsubscribe = Address, Preferences = Address, ReadInBrowser = Address, Archive = Address, Privacy = Address },
    };
}
