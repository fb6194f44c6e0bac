using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers.MailedLinks;
using SmaKom.Mailer.Subscribers.Preferences;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Subscribers.Unsubscribe;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Notices;

/// <summary>
/// Confirmations, receipts and the like, rendered and MIME-encoded. What goes to a reader holds no word that a stranger typed; a report of a fault,
/// which does, goes to the office.
/// </summary>
public sealed class NoticeLetters(
    LetterRenderer renderer, IssueRenderer issues, LinkAddresses addresses, Theme theme, IOptions<SenderOptions> sender,
    IOptions<SignUpOptions> signUp, IOptions<SiteOptions> site)
{
    /// <param name="kind">Not <see cref="NoticeKind.TestLetter"/>, which is an issue's letter.</param>
    /// <param name="language">Two-letter ISO 639 code.</param>
    /// <param name="parts"><see cref="Notice.Link"/> and <see cref="Notice.Further"/>.</param>
    /// <param name="at">When what it tells of happened.</param>
    /// <param name="listName">Of a receipt: the one list that was left; empty: the newsletter, by its name in the settings.</param>
    /// <exception cref="MimeException">A setting cannot stand in a header; names which.</exception>
    public async Task<LetterTemplate> EncodeAsync(NoticeKind kind, string language, IReadOnlyList<string> parts, DateTimeOffset at,
        string? listName = null)
    {
        var rendered = await RenderAsync(kind, language, parts, at, listName);
        return LetterTemplate.Encode(new LetterDraft
        {
            From = sender.Value.From,
            ReplyTo = sender.Value.Replies,
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            Headers =
            [
                // RFC 3834 §5: no autoreply wanted. No Precedence and no List-*: this is no bulk mail, and a stream of its own.
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "OOF, AutoReply"),
                ("Feedback-ID", $"{NoticeOutbox.Word(kind)}:notice:single:{sender.Value.FeedbackId}"),
            ],
            Markers = SlotMarkers.Random(),
            Slots = [],
        });
    }

    private Task<RenderedLetter> RenderAsync(NoticeKind kind, string language, IReadOnlyList<string> parts, DateTimeOffset at, string? listName)
    {
        var context = new NoticeContext
        {
            Theme = theme,
            Sender = issues.Sender,
            Language = language,
            ActionUrl = kind == NoticeKind.FaultReport ? null : parts[0],
            PrivacyUrl = addresses.Privacy,
            ListName = listName == "" ? theme.NewsletterName : listName,
            At = TimeZoneInfo.ConvertTime(at, site.Value.Zone).DateTime,
            ValidFor = kind switch
            {
                NoticeKind.Confirmation => signUp.Value.ConfirmWithin,
                NoticeKind.UnsubscribeReceipt => Unsubscribing.UndoWithin,
                NoticeKind.AddressConfirmation => AddressChanges.ConfirmWithin,
                NoticeKind.Links => LinkRequests.MyDataFor,
                _ => null,
            },
        };
        return kind switch
        {
            NoticeKind.Confirmation => renderer.RenderConfirmationAsync(context),
            NoticeKind.Links => renderer.RenderLinksAsync(context with { LeaveUrl = parts[1], MyDataUrl = parts[2] }),
            NoticeKind.FaultReport => renderer.RenderFaultReportAsync(context with { Written = parts }),
            NoticeKind.AddressConfirmation => renderer.RenderAddressConfirmationAsync(context),
            NoticeKind.AddressNotice => renderer.RenderAddressNoticeAsync(context),
            _ => renderer.RenderUnsubscribeReceiptAsync(context),
        };
    }
}
