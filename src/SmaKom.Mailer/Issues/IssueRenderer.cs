using Microsoft.Extensions.Options;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues;

/// <summary>What one group of readers gets: everything about a letter that is not personal.</summary>
/// <param name="List">That it comes by; null: the newsletter.</param>
public readonly record struct Variant(string Language, LegalBasis LegalBasis, LetterFormat Format, MailingList? List = null);

/// <summary>An issue's content as a letter. Preview, test letter, real send and web pages all come through here.</summary>
public sealed class IssueRenderer(LetterRenderer renderer, LinkAddresses addresses, IOptions<SenderOptions> sender, Theme theme)
{
    /// <param name="links">Addresses of this reader, or with slot markers in the place of tokens.</param>
    /// <param name="recipientAddress">The reader's address or its slot marker; null leaves the line out.</param>
    /// <param name="markOf"><see cref="LetterContext.MarkOf"/>, of a preview.</param>
    public Task<RenderedLetter> RenderMailAsync(IssueContent content, Variant variant, LetterLinks links, string? recipientAddress,
        Func<object, string?>? markOf = null) =>
        renderer.RenderAsync(content, Context(LetterSurface.Mail, variant, links, recipientAddress) with { MarkOf = markOf });

    /// <summary>A reader's letter on the web, without their own links: an HTML fragment.</summary>
    public Task<string> RenderBrowserAsync(IssueContent content, Variant variant) =>
        renderer.RenderWebBodyAsync(content, Context(LetterSurface.Browser, variant, PublicLinks, null));

    /// <summary>The public archive's page: an HTML fragment without a personal footer.</summary>
    /// <param name="calendarFile"><see cref="LetterContext.CalendarFile"/>.</param>
    public Task<string> RenderArchiveAsync(IssueContent content, string language, Func<object, string?>? markOf = null,
        Func<EventItem, string?>? calendarFile = null) =>
        renderer.RenderWebBodyAsync(content, Archive(language) with { MarkOf = markOf, CalendarFile = calendarFile });

    /// <summary>The same for a reader elsewhere: its pictures have whole addresses.</summary>
    public Task<string> RenderFeedAsync(IssueContent content) =>
        renderer.RenderWebBodyAsync(content, Archive(content.Language) with { MediaUrl = addresses.Media });

    public LetterLinks Links(string unsubscribeToken, string preferencesToken, string letterToken) => new()
    {
        Unsubscribe = addresses.Unsubscribe(unsubscribeToken),
        Preferences = addresses.Preferences(preferencesToken),
        ReadInBrowser = addresses.Letter(letterToken),
        Archive = addresses.Archive,
        Privacy = addresses.Privacy,
    };

    private LetterContext Archive(string language) =>
        Context(LetterSurface.Archive, new(language, LegalBasis.Consent, LetterFormat.Html), PublicLinks, null);

    private LetterLinks PublicLinks => new() { Archive = addresses.Archive, Privacy = addresses.Privacy };

    public SenderIdentity Sender => new()
    {
        Organisation = sender.Value.Organisation,
        PostalAddress = sender.Value.PostalAddress,
        Email = sender.Value.ContactEmail,
        Phone = sender.Value.Phone,
        Site = sender.Value.Site,
    };

    private LetterContext Context(LetterSurface surface, Variant variant, LetterLinks links, string? recipientAddress) => new()
    {
        Theme = theme,
        Sender = Sender,
        Surface = surface,
        Language = variant.Language,
        Reason = variant.LegalBasis == LegalBasis.Member ? RecipientReason.MemberRepresentative : RecipientReason.SignedUp,
        ListName = variant.List?.Name,
        Links = links,
        RecipientAddress = recipientAddress,
        MediaUrl = surface == LetterSurface.Mail ? addresses.Media : LinkAddresses.MediaPath,
    };
}
