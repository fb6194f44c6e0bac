using System.Text.Json;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Notices;

/// <summary>A notice as a mail: rendered, encoded, signed.</summary>
public sealed class NoticeWriter(
    LetterFreezer freezer, NoticeLetters letters, NoticeOutbox outbox, LinkSigner links, IOptions<SenderOptions> sender,
    IOptions<DkimOptions> dkim) : IDisposable
{
    private const string TestMark = "[TEST] ";
    private readonly DkimSigner? signer = dkim.Value.CreateSigner(sender.Value.Domain);

    /// <exception cref="MimeException">The address cannot stand in a letter.</exception>
    public async Task<OutgoingLetter> WriteAsync(ClaimedNotice notice)
    {
        var isTest = notice.Kind == NoticeKind.TestLetter;
        var letter = isTest ? await FreezeAsync(notice)
            : await letters.EncodeAsync(notice.Kind, notice.Language, outbox.Open(notice.Payload), notice.CreatedAt, notice.ListName);
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
        var test = JsonSerializer.Deserialize<TestLetterContent>(outbox.Open(notice.Payload)[0], IssueContentJson.Options)!;
        return freezer.FreezeAsync(test.Slug, test.Content, new(test.Content.Language, LegalBasis.Member, LetterFormat.Html), TestMark);
    }

    private string ReturnPath(ClaimedNotice notice) =>
        $"studs-{links.ReturnPathToken(new(notice.Id, LinkSubject.OfNotice))}@{sender.Value.BounceDomain}";
}
