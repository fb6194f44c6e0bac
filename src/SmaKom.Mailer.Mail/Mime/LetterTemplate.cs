using System.Buffers;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// A letter encoded once, of which each person's own letter is a copy with a few values spliced in (RFC 5322, RFC 2045–2047).
/// Immutable, safe for many threads. Splicing allocates nothing; the output grows once, to the letter's size.
/// </summary>
public sealed class LetterTemplate
{
    /// <summary>The longest value of a <see cref="SlotKind.Token"/> slot, in characters.</summary>
    public const int MaxTokenLength = 256;

    private const int MaxMessageIdLength = 250;
    private static readonly SearchValues<char> TokenText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%");
    private static readonly SearchValues<char> MessageIdText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~.");

    private readonly byte[] _bytes;
    private readonly Gap[] _gaps;
    private readonly Slot[] _slots;

    internal LetterTemplate(byte[] bytes, Gap[] gaps, Slot[] slots)
    {
        _bytes = bytes;
        _gaps = gaps;
        _slots = slots;
    }

    public IReadOnlyList<Slot> Slots => _slots;

    /// <exception cref="MimeException">Names the header or field and says what is wrong.</exception>
    public static LetterTemplate Encode(LetterDraft draft)
    {
        var (letter, slots) = LetterEncoder.Encode(draft);
        return new LetterTemplate(letter.Bytes.WrittenSpan.ToArray(), [.. letter.Gaps], slots);
    }

    /// <exception cref="MimeException">The bytes are no template, or of a format this version does not know.</exception>
    public static LetterTemplate FromBytes(ReadOnlySpan<byte> bytes) => LetterFormat.Read(bytes);

    public byte[] ToBytes() => LetterFormat.Write(_bytes, _gaps, _slots);

    /// <summary>Writes the whole message: headers and body, CRLF line ends only, no line longer than 998 octets (aim 78).</summary>
    /// <exception cref="MimeException">A value cannot stand where its slot is; nothing has been written then.</exception>
    public void Splice(in PersonalLetter person, IBufferWriter<byte> output)
    {
        Check(person);
        _ = output.GetSpan(_bytes.Length + 1024); // grow once, not per stretch
        var at = 0;
        foreach (var gap in _gaps)
        {
            output.Write(_bytes.AsSpan(at, gap.Offset - at));
            Fill(gap, person, output);
            at = gap.Offset;
        }
        output.Write(_bytes.AsSpan(at));
    }

    private void Check(in PersonalLetter person)
    {
        if (person.To.Address is null)
            throw new MimeException("To", "has no address");
        CheckMessageId(person.MessageId);
        if (person.SlotValues.Count != _slots.Length)
            throw new MimeException("slots", $"the letter has {_slots.Length} slots, but {person.SlotValues.Count} values were given");
        for (var i = 0; i < _slots.Length; i++)
        {
            var value = person.SlotValues[i];
            if (_slots[i].Kind == SlotKind.Token && (value.Length > MaxTokenLength || value.AsSpan().ContainsAnyExcept(TokenText)))
                throw new MimeException($"slot {_slots[i].Name}", $"a token has at most {MaxTokenLength} letters, digits and - . _ ~ %");
        }
    }

    private static void CheckMessageId(string id)
    {
        var at = id.IndexOf('@', StringComparison.Ordinal);
        if (id.Length > MaxMessageIdLength || at <= 0 || at == id.Length - 1
            || id.AsSpan(0, at).ContainsAnyExcept(MessageIdText) || id.AsSpan(at + 1).ContainsAnyExcept(MessageIdText))
            throw new MimeException("Message-ID", $"must be left@domain, plain ASCII, at most {MaxMessageIdLength} characters, without <>");
    }

    private static void Fill(Gap gap, in PersonalLetter person, IBufferWriter<byte> output)
    {
        switch (gap.Kind)
        {
            case GapKind.To:
                HeaderFields.WriteMailbox(person.To, "To: ".Length, output);
                break;
            case GapKind.Date:
                HeaderFields.WriteDate(person.Date, output);
                break;
            case GapKind.MessageId:
                WriteAscii(person.MessageId, output);
                break;
            case GapKind.HeaderToken:
                WriteAscii(person.SlotValues[gap.Slot], output);
                break;
            default:
                WriteBodyValue(person.SlotValues[gap.Slot], gap.Kind == GapKind.BodyHtml, output);
                break;
        }
    }

    private static void WriteAscii(string text, IBufferWriter<byte> output)
    {
        System.Text.Ascii.FromUtf16(text, output.GetSpan(text.Length + 1), out var written);
        output.Advance(written);
    }

    private static void WriteBodyValue(string value, bool html, IBufferWriter<byte> output)
    {
        var writer = new QuotedPrintable(output.GetSpan(QuotedPrintable.MaxLength(value.Length)));
        writer.Write(value, html);
        writer.SoftBreak();
        output.Advance(writer.Written);
    }
}
