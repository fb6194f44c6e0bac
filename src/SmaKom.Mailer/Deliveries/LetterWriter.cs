using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// A person's letter: the frozen bytes, spliced and signed. A function of the frozen issue, the person and the first attempt's time,
/// so that a second try has the same bytes and the same Message-ID.
/// </summary>
public sealed class LetterWriter(NpgsqlDataSource source, LinkSigner links, IOptions<SenderOptions> sender, IOptions<DkimOptions> dkim) : IDisposable
{
    private readonly ConcurrentDictionary<(int Issue, short Variant), Task<LetterTemplate>> templates = new();
    private readonly DkimSigner? signer = dkim.Value.CreateSigner(sender.Value.Domain);
    private readonly string domain = sender.Value.Domain;
    private readonly string returnPathDomain = sender.Value.BounceDomain;

    public Envelope Envelope(ClaimedDelivery delivery) =>
        new($"studs-{links.ReturnPathToken(Subject(delivery))}@{returnPathDomain}", delivery.Email);

    /// <summary>Writes the letter into <paramref name="buffer"/>; the result is valid until the buffer is used again.</summary>
    /// <exception cref="MimeException">The frozen address or name cannot stand in a letter.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> WriteAsync(ClaimedDelivery delivery, DateTimeOffset firstAttempt, LetterBuffer buffer,
        CancellationToken ct)
    {
        var template = await TemplateAsync(delivery.Slice.IssueId, delivery.Variant, ct);
        buffer.Clear();
        template.Splice(Person(template, delivery, firstAttempt), buffer.Message);
        if (signer is not null) signer.Sign(buffer.Message.WrittenSpan, firstAttempt, buffer.Signature);
        return buffer.Join();
    }

    public void Dispose() => signer?.Dispose();

    private PersonalLetter Person(LetterTemplate template, ClaimedDelivery delivery, DateTimeOffset firstAttempt)
    {
        var subject = Subject(delivery);
        var values = new string[template.Slots.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = template.Slots[i].Name switch
            {
                LetterSlots.Unsubscribe => links.Token(LinkPurpose.Unsubscribe, subject),
                LetterSlots.Preferences => links.Token(LinkPurpose.Preferences, subject),
                LetterSlots.Letter => links.Token(LinkPurpose.Letter, subject),
                LetterSlots.Address => delivery.Email,
                var name => throw new InvalidOperationException($"The frozen letter has a slot \"{name}\" that this version does not know."),
            };
        // Taken in before names were looked at: a line break in one keeps nobody from a letter.
        var to = new Mailbox(delivery.Name is { } called ? UnicodeText.Line(called) : null, delivery.Email);
        return new(to, $"{links.Token(LinkPurpose.MessageId, subject)}@{domain}", firstAttempt, values);
    }

    private Task<LetterTemplate> TemplateAsync(int issue, short variant, CancellationToken ct)
    {
        // A failed read is not kept.
        var read = templates.GetOrAdd((issue, variant), key => ReadTemplateAsync(key.Issue, key.Variant, ct));
        if (read.IsFaulted || read.IsCanceled) templates.TryRemove((issue, variant), out _);
        return read;
    }

    private async Task<LetterTemplate> ReadTemplateAsync(int issue, short variant, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT template FROM frozen_letter WHERE issue_id = @issue AND variant = @variant");
        command.With(new("issue", issue), new("variant", variant));
        return LetterTemplate.FromBytes((byte[])(await command.ExecuteScalarAsync(ct)
            ?? throw new InvalidOperationException($"Issue {issue} has no frozen letter {variant}.")));
    }

    private static LinkSubject Subject(ClaimedDelivery delivery) => new(delivery.SubscriberId, delivery.Slice.IssueId, delivery.ListId);
}
