namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// A text part with its Content-* headers. Before and after each slot stands a soft line break, so that a value of any length
/// fills lines of its own and the encoded text around it never moves.
/// </summary>
internal static class BodyPart
{
    public static GappedBytes Encode(string contentType, string text, SlotTable slots, GapKind gap)
    {
        var part = new GappedBytes();
        part.Write($"Content-Type: {contentType}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        // DKIM ignores blank lines at the end of a body (RFC 6376 §3.4.4): the letter has one line end there, no more.
        foreach (var (literal, slot, _) in slots.Split(contentType, text.TrimEnd('\r', '\n') + '\n'))
        {
            var writer = new QuotedPrintable(part.Bytes.GetSpan(QuotedPrintable.MaxLength(literal.Length)));
            writer.Write(literal);
            if (slot >= 0 && writer.Column > 0)
                writer.SoftBreak();
            part.Bytes.Advance(writer.Written);
            if (slot >= 0)
                part.Leave(gap, slot);
        }
        return part;
    }
}
