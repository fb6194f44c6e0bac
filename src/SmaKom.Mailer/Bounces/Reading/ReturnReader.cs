using System.Text.RegularExpressions;
using MimeKit;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>Understands mails that come back. A function of the bytes: asks no database and no network.</summary>
public static class ReturnReader
{
    /// <summary>Octets.</summary>
    private const int MaxLength = 1_048_576;

    /// <param name="mail">As it came, 1 MB at most; the end may be missing.</param>
    /// <exception cref="FormatException">It cannot be read as a mail within the limits (depth 20, 1,000 parts).</exception>
    public static ReturnedMail Read(ReadOnlyMemory<byte> mail, CancellationToken ct)
    {
        if (mail.Length > MaxLength) throw new FormatException($"More than {MaxLength} octets.");
        try
        {
            using var message = ReceivedMail.ReadStrictly(mail.ToArray(), ct);
            return Read(MailParts.Of(message, ct), ct);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new FormatException("A text that takes too long to read.", e);
        }
    }

    /// <summary>What a server's refusal of one recipient means, said while sending or in a report.</summary>
    public static ReturnedRecipient Judge(string? address, EnhancedCode? status, int? code, string words) =>
        Recipient(address, Judgement.Of(status, code, words), status, code, words);

    private static ReturnedMail Read(MailParts parts, CancellationToken ct)
    {
        var report = ReportText.Of(parts.Text, ct);
        var signs = MailSigns.Of(parts, report);
        var (kind, recipients) =
            ReadFeedback(parts)
            ?? ProviderNotice.Read(parts.Text)
            ?? ReadStatuses(parts, report, ct)
            ?? ReadText(signs, report, ct);
        return new(kind, recipients)
        {
            SentTo = ReturnedLetter.SentTo(parts.Mail.Headers),
            MessageIds = ReturnedLetter.MessageIds(parts, report.Letter),
            ReturnPaths = ReturnedLetter.ReturnPaths(parts, report.Letter),
            Subject = signs.Subject,
            From = UnicodeText.Line(parts.Mail.From.Mailboxes.FirstOrDefault()?.Address ?? ""),
            Date = parts.Mail.Headers[HeaderId.Date] is { } date && MimeKit.Utils.DateUtils.TryParse(date, out var written) ? written : null,
            HasLeft = kind == ReturnKind.AutoReply && signs.HasLeft,
        };
    }

    private static (ReturnKind, IReadOnlyList<ReturnedRecipient>)? ReadFeedback(MailParts parts)
    {
        if (parts.Feedback is not { } text) return ReadBareComplaint(parts);
        var fields = StatusFields.All(text);
        var type = (fields["feedback-type"] ?? "abuse").Trim().ToLowerInvariant();
        // not-spam takes a complaint back; auth-failure (RFC 6591) and what may come are nobody's complaint.
        var isComplaint = type is "abuse" or "fraud" or "virus" or "opt-out" or "opt-out-list" or "other";
        var addresses = fields.Every("original-rcpt-to").Concat(fields.Every("removal-recipient")).Select(one => one.Trim().Trim('<', '>'))
            .Where(one => one.Contains('@', StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase).Take(100).ToList();
        var judgement = new Judgement(isComplaint ? BounceClass.Complaint : BounceClass.NotABounce, false,
            "feedback " + UnicodeText.Truncate(type, 30), false);
        return (isComplaint ? ReturnKind.Complaint : ReturnKind.Other,
            addresses.Count == 0
                ? [Recipient(null, judgement, null, null, "")]
                : [.. addresses.Select(address => Recipient(UnicodeText.Line(address), judgement, null, null, ""))]);
    }

    /// <summary>Microsoft's, for consumers' mailboxes: no report, but the letter as a part and a subject that says what it is.</summary>
    private static (ReturnKind, IReadOnlyList<ReturnedRecipient>)? ReadBareComplaint(MailParts parts) =>
        parts.Returned.Count > 0 && KindMarks.Has("complaint", "subject", PlainWords.Of(UnicodeText.Line(parts.Mail.Subject ?? "")))
            ? (ReturnKind.Complaint, [Recipient(parts.Returned[0]["X-HmXmrOriginalRecipient"] is { } address ? UnicodeText.Line(address) : null,
                new(BounceClass.Complaint, false, "feedback of Microsoft", false), null, null, "")])
            : null;

    private static (ReturnKind, IReadOnlyList<ReturnedRecipient>)? ReadStatuses(MailParts parts, ReportText report, CancellationToken ct)
    {
        IEnumerable<string> texts = parts.Statuses.Count > 0 ? parts.Statuses : StatusFields.IsIn(report.Said) ? [report.Said] : [];
        var groups = texts.SelectMany(text => StatusFields.Recipients(text, ct)).Take(100).ToList();
        if (groups.Count > 0) return StatusReport.Read(groups, report.Said, ct);
        // A receipt (RFC 8098): shown, or thrown away unread. Nothing follows from either. Sieve's "reject" (RFC 5429 §2.2) and Dovecot's full
        // mailboxes come as receipts, too, and say in words that they are none.
        return parts.Disposition is null || KindMarks.Has("failed", "subject", PlainWords.Of(UnicodeText.Line(parts.Mail.Subject ?? "")))
            ? null
            : (ReturnKind.Delivered, []);
    }

    private static (ReturnKind, IReadOnlyList<ReturnedRecipient>) ReadText(MailSigns signs, ReportText report, CancellationToken ct)
    {
        var kind = signs.Kind(report);
        if (kind is not (ReturnKind.Bounce or ReturnKind.Delayed)) return (kind, []);
        var found = TextRecipients.In(report.Said, ct);
        var addresses = signs.FailedRecipients.Count > 0 ? signs.FailedRecipients : found.Select(one => one.Address).ToList();
        if (addresses.Count == 0) addresses = [TextRecipients.InSentence(report.Said)];
        var isOne = addresses.Count == 1;
        return (kind, [.. addresses.Select(address =>
        {
            var own = string.Join(' ',
                found.Where(one => isOne || one.Address.Equals(address, StringComparison.OrdinalIgnoreCase)).Select(one => one.Words));
            var (judgement, words) = JudgeText(own, isOne ? report.Said : "");
            return Recipient(address, kind == ReturnKind.Delayed ? StatusReport.StillTried : judgement, null, null, words);
        })]);
    }

    /// <summary>By the words at the address; else by the lines with codes, then by all of the report, where it is about one person.</summary>
    private static (Judgement Judgement, string Words) JudgeText(string own, string said)
    {
        var replies = TextRecipients.Replies(said);
        foreach (var words in TextRecipients.HasQuotes(said) ? [replies] : (string[])[own, replies, said])
        {
            var codes = SaidCodes.In(words);
            if (Judgement.ByWords(codes.Status, codes.Code, words) is { } byWords) return (byWords, own.Length > 0 ? own : words);
        }

        var coded = own.Length > 0 && SaidCodes.In(own) is not (null, null) ? own : replies;
        return (Judgement.Of(null, null, coded), own.Length > 0 ? own : replies.Length > 0 ? replies : said);
    }

    internal static ReturnedRecipient Recipient(string? address, Judgement judgement, EnhancedCode? status, int? code, string words)
    {
        var said = SaidCodes.In(words);
        return new(address, judgement.Class, said.Status ?? status, said.Code ?? code, PlainWords.Kept(words), judgement.IsOfDomain, judgement.Rule);
    }
}
