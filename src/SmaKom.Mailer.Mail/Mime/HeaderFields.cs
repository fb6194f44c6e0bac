using System.Buffers;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Writes the values of the headers that every letter has. Each expects the field name and ": " to stand before it on the line.</summary>
internal static class HeaderFields
{
    private const int DateLength = 31;
    private static readonly SearchValues<char> PlainPhrase =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");

    /// <summary>A name and address; the name as a phrase, a quoted-string or encoded-words (RFC 5322 §3.4, RFC 2047 §5).</summary>
    public static void WriteMailbox(Mailbox mailbox, int column, IBufferWriter<byte> output)
    {
        var writer = new HeaderWriter(output.GetSpan(LongestNamed(mailbox.Name, mailbox.Address)), column);
        if (mailbox.Name is null)
            writer.Raw(mailbox.Address);
        else
            WriteNamed(mailbox.Name, mailbox.Address, ref writer);
        output.Advance(writer.Written);
    }

    /// <summary>A name and the identifier in angle brackets; the name as in a mailbox (RFC 2919 §2).</summary>
    public static void WriteList(ListIdentity list, int column, IBufferWriter<byte> output)
    {
        var writer = new HeaderWriter(output.GetSpan(LongestNamed(list.Name, list.Id)), column);
        if (list.Name is null)
            writer.Raw($"<{list.Id}>");
        else
            WriteNamed(list.Name, list.Id, ref writer);
        output.Advance(writer.Written);
    }

    /// <summary>Any text: plain when a reader sees it unchanged, else encoded-words throughout.</summary>
    public static void WriteText(string text, int column, IBufferWriter<byte> output)
    {
        var writer = new HeaderWriter(output.GetSpan(HeaderWriter.MaxLength(text.Length)), column);
        if (IsPlainText(text))
            writer.Words(text);
        else
            writer.EncodedWords(text);
        output.Advance(writer.Written);
    }

    /// <summary>E.g. <c>Sun, 01 Nov 2026 09:00:00 +0100</c> (RFC 5322 §3.3).</summary>
    public static void WriteDate(DateTimeOffset date, IBufferWriter<byte> output)
    {
        // By hand: DateTimeOffset.TryFormat allocates, and would for every letter.
        var span = output.GetSpan(DateLength)[..DateLength];
        "ddd, dd MMM yyyy HH:mm:ss +zzzz"u8.CopyTo(span);
        "SunMonTueWedThuFriSat"u8.Slice(3 * (int)date.DayOfWeek, 3).CopyTo(span);
        WriteNumber(date.Day, span[5..7]);
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice(3 * (date.Month - 1), 3).CopyTo(span[8..]);
        WriteNumber(date.Year, span[12..16]);
        WriteNumber(date.Hour, span[17..19]);
        WriteNumber(date.Minute, span[20..22]);
        WriteNumber(date.Second, span[23..25]);
        var offset = (int)date.Offset.TotalMinutes;
        span[26] = (byte)(offset < 0 ? '-' : '+');
        offset = Math.Abs(offset);
        WriteNumber((offset / 60 * 100) + (offset % 60), span[27..31]);
        output.Advance(DateLength);
    }

    private static void WriteNumber(int number, Span<byte> digits)
    {
        for (var i = digits.Length - 1; i >= 0; i--, number /= 10)
            digits[i] = (byte)('0' + (number % 10));
    }

    private static int LongestNamed(string? name, string inBrackets) => HeaderWriter.MaxLength(name?.Length ?? 0) + (3 * inBrackets.Length);

    private static void WriteNamed(string name, string inBrackets, ref HeaderWriter writer)
    {
        WritePhrase(name, ref writer);
        writer.SpaceBefore(inBrackets.Length + 2);
        writer.Raw("<");
        writer.Raw(inBrackets);
        writer.Raw(">");
    }

    private static void WritePhrase(string name, ref HeaderWriter writer)
    {
        // A long quoted-string would need folding inside the quotes, which readers treat differently.
        var plain = IsPlainText(name) && name.Length <= 60;
        if (!plain)
            writer.EncodedWords(name);
        else if (!name.AsSpan().ContainsAnyExcept(PlainPhrase))
            writer.Words(name);
        else
            WriteQuotedString(name, ref writer);
    }

    private static void WriteQuotedString(string name, ref HeaderWriter writer)
    {
        writer.Raw("\"");
        foreach (var range in name.AsSpan().SplitAny('"', '\\'))
        {
            if (range.Start.Value > 0)
            {
                writer.Raw("\\");
                writer.Raw(name.AsSpan(range.Start.Value - 1, 1));
            }
            writer.Raw(name.AsSpan()[range]);
        }
        writer.Raw("\"");
    }

    /// <summary>ASCII, nothing that reads as an encoded-word, no spaces that folding or trimming would change, no word longer than a line.</summary>
    private static bool IsPlainText(string text)
    {
        if (!HeaderText.IsPrintableAscii(text) || text.Contains("=?", StringComparison.Ordinal))
            return false;
        foreach (var word in text.AsSpan().Split(' '))
        {
            var length = word.End.Value - word.Start.Value;
            if (length is 0 or > 60)
                return false;
        }
        return true;
    }
}
