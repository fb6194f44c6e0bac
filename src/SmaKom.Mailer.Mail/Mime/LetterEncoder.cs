using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Encodes a draft once: headers and body parts as bytes, with gaps for what is personal.</summary>
internal sealed class LetterEncoder
{
    private readonly LetterDraft _draft;
    private readonly SlotTable _slots;
    private readonly GappedBytes _letter = new();

    private LetterEncoder(LetterDraft draft)
    {
        _draft = draft;
        _slots = new SlotTable(draft.Markers, draft.Slots);
    }

    public static (GappedBytes Letter, Slot[] Slots) Encode(LetterDraft draft)
    {
        var encoder = new LetterEncoder(draft);
        encoder.WriteAddressing();
        encoder.WriteFurtherHeaders();
        encoder.WriteBody();
        return (encoder._letter, [.. draft.Slots]);
    }

    private void WriteAddressing()
    {
        WriteMailbox("From", _draft.From);
        _letter.Write("To: ").Leave(GapKind.To).Write("\r\n");
        WriteSubject();
        _letter.Write("Date: ").Leave(GapKind.Date).Write("\r\n");
        _letter.Write("Message-ID: <").Leave(GapKind.MessageId).Write(">\r\n");
        if (_draft.ReplyTo is { } replyTo)
            WriteMailbox("Reply-To", replyTo);
        if (_draft.List is { } list)
            WriteList(list);
    }

    private void WriteMailbox(string field, Mailbox mailbox)
    {
        if (mailbox.Address is null)
            throw new MimeException(field, "has no address");
        if (_draft.Markers.OccurIn(mailbox.ToString()))
            throw new MimeException(field, "cannot be personal: it holds a slot marker");
        _letter.Write(field).Write(": ");
        HeaderFields.WriteMailbox(mailbox, field.Length + 2, _letter.Bytes);
        _letter.Write("\r\n");
    }

    private void WriteList(ListIdentity list)
    {
        if (list.Id is null)
            throw new MimeException("List-Id", "has no identifier");
        _letter.Write("List-Id: ");
        HeaderFields.WriteList(list, "List-Id: ".Length, _letter.Bytes);
        _letter.Write("\r\n");
    }

    private void WriteSubject()
    {
        var subject = HeaderText.Guard("Subject", _draft.Subject);
        if (string.IsNullOrWhiteSpace(subject))
            throw new MimeException("Subject", "is empty");
        if (_draft.Markers.OccurIn(subject))
            throw new MimeException("Subject", "cannot be personal: it holds a slot marker");
        _letter.Write("Subject: ");
        HeaderFields.WriteText(subject, "Subject: ".Length, _letter.Bytes);
        _letter.Write("\r\n");
    }

    private void WriteFurtherHeaders()
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in _draft.Headers)
        {
            FurtherHeader.CheckName(name);
            if (!seen.Add(name))
                throw new MimeException(name, "is given twice");
            FurtherHeader.Write(name, value, _slots, _letter);
        }
    }

    private void WriteBody()
    {
        var text = BodyPart.Encode("text/plain", _draft.Text, _slots, GapKind.BodyText);
        _letter.Write("MIME-Version: 1.0\r\n");
        if (_draft.Html is null)
        {
            _letter.Append(text);
            return;
        }
        var html = BodyPart.Encode("text/html", _draft.Html, _slots, GapKind.BodyHtml);
        var boundary = Boundary(text, html);
        _letter.Write($"Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n\r\n")
            .Write($"--{boundary}\r\n").Append(text)
            .Write($"\r\n--{boundary}\r\n").Append(html)
            .Write($"\r\n--{boundary}--\r\n");
    }

    /// <summary>
    /// Derived from the content, so the same draft gives the same bytes. "=_" never occurs in quoted-printable (RFC
    /// 2045 §6.7), so no text can close a part.
    /// </summary>
    private static string Boundary(GappedBytes text, GappedBytes html)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(text.Bytes.WrittenSpan);
        hash.AppendData(html.Bytes.WrittenSpan);
        return "=_" + Convert.ToBase64String(hash.GetHashAndReset(), 0, 18).Replace('+', '-').Replace('/', '_');
    }
}
