using Microsoft.Extensions.Options;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues;

/// <summary>Renders and MIME-encodes an issue once per variant; per person only the slots are filled (ARCHITECTURE rule 5).</summary>
public sealed class LetterFreezer(IssueRenderer renderer, LinkAddresses addresses, IOptions<SenderOptions> sender, Theme theme)
{
    /// <param name="mark">Put before the subject of the mail, as of a test letter.</param>
    /// <exception cref="MimeException">A setting or text cannot stand in a header; names which.</exception>
    public async Task<LetterTemplate> FreezeAsync(string slug, IssueContent content, Variant variant, string mark = "") =>
        LetterTemplate.Encode(await DraftAsync(slug, content, variant, mark));

    /// <summary>Before it is encoded: what <see cref="FreezeAsync"/> encodes.</summary>
    /// <exception cref="MimeException">As of <see cref="FreezeAsync"/>.</exception>
    public async Task<LetterDraft> DraftAsync(string slug, IssueContent content, Variant variant, string mark = "")
    {
        var markers = SlotMarkers.Random();
        var links = renderer.Links(markers[LetterSlots.Unsubscribe], markers[LetterSlots.Preferences], markers[LetterSlots.Letter]);
        var letter = await renderer.RenderMailAsync(content, variant, links, markers[LetterSlots.Address]);
        return new LetterDraft
        {
            From = sender.Value.From,
            ReplyTo = sender.Value.Replies,
            Subject = mark + letter.Subject,
            Text = letter.Text,
            Html = variant.Format == LetterFormat.Html ? letter.Html : null,
            List = IdentityOf(variant.List),
            Headers = Headers(slug, links.Unsubscribe!, sender.Value.UnsubscribeUri(markers[LetterSlots.Unsubscribe]), variant.List),
            Markers = markers,
            Slots = LetterSlots.All,
        };
    }

    // The first list keeps the identifier of the settings: it is stable for ever (RFC 2919 §3).
    private ListIdentity IdentityOf(MailingList? list) => list is null or { Id: MailingList.Newsletter }
        ? new(list?.Name ?? theme.NewsletterName, sender.Value.ListIdentifier)
        : new(list.Name, $"{list.Key}.{sender.Value.Domain}");

    private IReadOnlyList<(string, string)> Headers(string slug, string unsubscribe, string? byMail, MailingList? list) =>
    [
        // RFC 8058 §3.1: one HTTPS address, both fields under the DKIM signature. Others may stand behind it (RFC 2369 §2).
        ("List-Unsubscribe", byMail is null ? $"<{unsubscribe}>" : $"<{unsubscribe}>, <{byMail}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        .. list is null or { IsOpen: true } ? Public() : [],
        ("List-Owner", $"<{sender.Value.ContactUri}>"),
        ("Precedence", "bulk"),
        // Exchange heeds no Precedence: it is told so that offices which are closed do not answer.
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        // Google's feedback loop: issue, list and a sender id of 5–15 characters, nothing per person.
        ("Feedback-ID", $"{slug}:{(list is null or { Id: MailingList.Newsletter } ? "newsletter" : list.Key)}:issue:{sender.Value.FeedbackId}"),
    ];

    /// <summary>RFC 2369 §3.4, §3.6. Nobody signs up for a closed list, and its issues are in no archive.</summary>
    private (string, string)[] Public() => [("List-Archive", $"<{addresses.Archive}>"), ("List-Subscribe", $"<{addresses.SignUp}>")];
}
