using System.Text.Json;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Notices;

/// <summary>A notice as a mail: rendered, encoded, signed. It holds no word that a stranger typed.</summary>
public sealed class NoticeWriter(
    LetterRenderer renderer, IssueRenderer issues, LetterFreezer freezer, NoticeOutbox outbox, LinkSigner links, LinkAddresses addresses, Theme theme,
    IOptions<SenderOptions> sender, IOptions<SignUpOptions> signUp, IOptions<DkimOptions> dkim) : IDisposable
{
    private const string TestMark = "[TEST] ";
    private readonly DkimSigner? signer = dkim.Value.CreateSigner(sender.Value.Domain);

    /// <exception cref="MimeException">The address cannot stand in a letter.</exception>
    public async Task<OutgoingLetter> WriteAsync(ClaimedNotice notice)
    {
        var isTest = notice.Kind == NoticeKind.TestLetter;
        var letter = isTest ? await FreezeAsync(notice) : LetterTemplate.Encode(Draft(notice, await RenderAsync(notice)));
        IReadOnlyList<string> slots = isTest ? [LinkSigner.TestToken, LinkSigner.TestToken, LinkSigner.TestToken, notice.Email] : [];
        var buffer = new LetterBuffer();
        // Date and Message-ID are the notice's own: a second try is the same mail.
        letter.Splice(new PersonalLetter(new Mailbox(null, notice.Email), $"{notice.MessageKey:n}@{sender.Value.Domain}", notice.CreatedAt, slots),
            buffer.Message);
        signer?.Sign(buffer.Message.WrittenSpan, notice.CreatedAt, buffer.Signature);
        return new(new Envelope(ReturnPath(notice), notice.Email), buffer.Join());
    }

    public void Dispose() => signer?.Dispose();

    /// <summary>An issue's letter as its readers will get it, but for the mark in the subject.</summary>
    private Task<LetterTemplate> FreezeAsync(ClaimedNotice notice)
    {
        var test = JsonSerializer.Deserialize<TestLetterContent>(outbox.Open(notice.Payload), IssueContentJson.Options)!;
        return freezer.FreezeAsync(test.Slug, test.Content, new(test.Content.Language, LegalBasis.Member, LetterFormat.Html), TestMark);
    }

    private Task<RenderedLetter> RenderAsync(ClaimedNotice notice)
    {
        var context = new NoticeContext
        {
            Theme = theme,
            Sender = issues.Sender,
            Language = notice.Language,
            ActionUrl = outbox.Open(notice.Payload),
            PrivacyUrl = addresses.Privacy,
            ValidFor = notice.Kind == NoticeKind.Confirmation ? signUp.Value.ConfirmWithin : null,
        };
        return notice.Kind == NoticeKind.Confirmation ? renderer.RenderConfirmationAsync(context) : renderer.RenderUnsubscribeReceiptAsync(context);
    }

    private LetterDraft Draft(ClaimedNotice notice, RenderedLetter rendered) => new()
    {
        From = new Mailbox(sender.Value.Organisation, sender.Value.Address),
        ReplyTo = sender.Value.ReplyTo is { } replyTo ? new Mailbox(sender.Value.Organisation, replyTo) : null,
        Subject = rendered.Subject,
        Text = rendered.Text,
        Html = rendered.Html,
        Headers =
        [
            // RFC 3834 §5: no autoreply wanted. No Precedence and no List-*: this is no bulk mail, and a stream of its own.
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "OOF, AutoReply"),
            ("Feedback-ID", $"{NoticeOutbox.Word(notice.Kind)}:notice:single:{FeedbackSender()}"),
        ],
        Markers = SlotMarkers.Random(),
        Slots = [],
    };

    private string ReturnPath(ClaimedNotice notice) =>
        $"studs-{links.ReturnPathToken(new(notice.SubscriberId ?? 0, 0))}@{sender.Value.ReturnPathDomain ?? sender.Value.Domain}";

    private string FeedbackSender()
    {
        var name = string.Concat(sender.Value.Domain.Where(char.IsAsciiLetterOrDigit));
        return UnicodeText.Truncate(name, 15).PadRight(5, '0');
    }
}
