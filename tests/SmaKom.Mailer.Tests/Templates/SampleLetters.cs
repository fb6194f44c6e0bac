using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>The sample issues and the notices, rendered as the program renders them, with slots that are easy to see.</summary>
public static class SampleLetters
{
    public const string TokenSlot = "slotsamplextokenxsampleend";

    public const string AddressSlot = "slotsamplexaddressxsampleend";

    private static readonly ServiceProvider Services = new ServiceCollection().AddLetterTemplates().BuildServiceProvider();

    public static LetterRenderer Renderer { get; } = Services.GetRequiredService<LetterRenderer>();

    /// <summary>The second look, as an association would keep it in a folder of its own.</summary>
    public static string SecondLook { get; } = Path.Combine(Repository.Root, "samples", "look");

    public static string[] Issues { get; } = ["2026-09", "2026-10", "2026-11"];

    public static SenderIdentity Sender { get; } = new()
    {
        Organisation = "SmåKom",
        PostalAddress = "Storgatan 4, 999 01 Gransele",
        Email = "kansli@smakom.example.org",
        Phone = "0999-123 45",
        Site = "https://smakom.example.org/",
        RegistrationNumber = "899999-0000",
    };

    public static IssueContent Content(string issue) => IssueContentJson.Deserialize(File.ReadAllText(FileOf(issue, "issue.json")));

    /// <summary>The issue with a calendar of its events as its last section.</summary>
    public static IssueContent WithCalendar(string issue)
    {
        var content = Content(issue);
        return content with { Sections = [.. content.Sections, new Section { Heading = "Kalender", Blocks = [new CalendarBlock { Id = "k" }] }] };
    }

    public static string FileOf(string issue, string name) => Path.Combine(Repository.Root, "samples", "issues", issue, name);

    public static LetterContext Context(
        string issue, LetterSurface surface = LetterSurface.Mail, string language = "sv", RecipientReason reason = RecipientReason.SignedUp) => new()
        {
            Theme = new Theme(),
            Sender = Sender,
            Surface = surface,
            Language = language,
            Reason = reason,
            RecipientAddress = surface == LetterSurface.Archive ? null : AddressSlot,
            MediaUrl = media => $"https://post.example.org/media/{issue}/{media}",
            Links = new LetterLinks
            {
                Unsubscribe = $"https://post.example.org/avsluta/{TokenSlot}",
                Preferences = $"https://post.example.org/uppgifter/{TokenSlot}",
                ReadInBrowser = $"https://post.example.org/brev/{TokenSlot}",
                Archive = "https://post.example.org/arkiv",
                Privacy = "https://post.example.org/integritet",
            },
        };

    public static Task<RenderedLetter> MailAsync(string issue) => Renderer.RenderAsync(Content(issue), Context(issue));

    /// <summary>With the templates of a folder in the place of those of the same name.</summary>
    public static async Task<RenderedLetter> MailAsync(string issue, string folder)
    {
        await using var services = new ServiceCollection().AddSingleton(new LetterLook(folder)).AddLetterTemplates().BuildServiceProvider();
        return await services.GetRequiredService<LetterRenderer>().RenderAsync(Content(issue), Context(issue));
    }

    public static Task<RenderedLetter> NoticeAsync(string notice, string language)
    {
        var context = new NoticeContext
        {
            Theme = new Theme(),
            Sender = Sender,
            Language = language,
            ActionUrl = $"https://post.example.org/{notice}/{TokenSlot}",
            PrivacyUrl = "https://post.example.org/integritet",
            At = new DateTime(2026, 12, 1, 9, 5, 0, DateTimeKind.Unspecified),
        };
        return notice switch
        {
            "bekrafta" => Renderer.RenderConfirmationAsync(context with { ValidFor = TimeSpan.FromHours(72) }),
            "lankar" => Renderer.RenderLinksAsync(context with
            {
                ValidFor = TimeSpan.FromHours(24),
                LeaveUrl = $"https://post.example.org/avsluta/{TokenSlot}",
                MyDataUrl = $"https://post.example.org/mina-uppgifter/{TokenSlot}",
            }),
            "fel" => Renderer.RenderFaultReportAsync(context with { ActionUrl = null, Written = ["/arkiv", "Bilden saknar text.\nOch <knappen> går inte att nå."] }),
            _ => Renderer.RenderUnsubscribeReceiptAsync(context with { ValidFor = TimeSpan.FromDays(30) }),
        };
    }

    /// <summary>Every mail there is: name and letter.</summary>
    public static async Task<IReadOnlyList<(string Name, RenderedLetter Letter)>> AllMailsAsync()
    {
        var mails = new List<(string, RenderedLetter)>();
        foreach (var issue in Issues) mails.Add((issue, await MailAsync(issue)));
        foreach (var notice in new[] { "bekrafta", "angra", "lankar", "fel" })
        {
            foreach (var language in new[] { "sv", "en" }) mails.Add(($"{notice}-{language}", await NoticeAsync(notice, language)));
        }

        return mails;
    }
}
