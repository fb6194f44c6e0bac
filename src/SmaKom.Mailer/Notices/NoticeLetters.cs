using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers.Preferences;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Notices;

/// <summary>Confirmations and receipts, rendered and MIME-encoded. They hold no word that a stranger typed.</summary>
public sealed class NoticeLetters(
    LetterRenderer renderer, IssueRenderer issues, LinkAddresses addresses, Theme theme, IOptions<SenderOptions> sender,
    IOptions<SignUpOptions> signUp)
{
    /// <param name="kind">Not <see cref="NoticeKind.TestLetter"/>, which is an issue's letter.</param>
    /// <param name="language">Two-letter ISO 639 code.</param>
    /// <param name="action">Address of the mail's one button.</param>
    /// <param name="listName">Of a receipt: the one list that was left.</param>
    /// <exception cref="MimeException">A setting cannot stand in a header; names which.</exception>
    public async Task<LetterTemplate> EncodeAsync(NoticeKind kind, string language, string action, string? listName = null)
    {
        var rendered = await RenderAsync(kind, language, action, listName);
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

    private Task<RenderedLetter> RenderAsync(NoticeKind kind, string language, string action, string? listName)
    {
        var context = new NoticeContext
        {
            Theme = theme,
            Sender = issues.Sender,
            Language = language,
            ActionUrl = action,
            PrivacyUrl = addresses.Privacy,
            ListName = listName,
            ValidFor = kind switch
            {
                NoticeKind.Confirmation => signUp.Value.ConfirmWithin,
                NoticeKind.AddressConfirmation => AddressChanges.ConfirmWithin,
                _ => null,
            },
        };
        return kind switch
        {
            NoticeKind.Confirmation => renderer.RenderConfirmationAsync(context),
            NoticeKind.AddressConfirmation => renderer.RenderAddressConfirmationAsync(context),
            NoticeKind.AddressNotice => renderer.RenderAddressNoticeAsync(context),
            _ => renderer.RenderUnsubscribeReceiptAsync(context),
        };
    }
}
