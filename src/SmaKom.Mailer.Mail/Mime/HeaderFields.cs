using System.Buffers;
using System.Buffers.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Writes the values of the headers that every letter has. Each expects the field name and ": " to stand before it on the line.</summary>
internal static class HeaderFields
{
    private static readonly SearchValues<char> PlainPhrase =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");

    /// <summary>A name and address; the name as a phrase, a quoted-string or encoded-words (RFC 5322 §3.4, RFC 2047 §5).</summary>
    public static void WriteMailbox(Mailbox mailbox, int column, IBufferWriter<byte> output)
    {
        var size = HeaderWriter.MaxLength(mailbox.Name?.Length ?? 0) + (3 * mailbox.Address.Length);
        var writer = new HeaderWriter(output.GetSpan(size), column);
        if (mailbox.Name is null)
        {
            writer.Raw(mailbox.Address);
        }
        else
        {
            WritePhrase(mailbox.Name, ref writer);
            writer.SpaceBefore(mailbox.Address.Length + 2);
            writer.Raw("<");
            writer.Raw(mailbox.Address);
            writer.Raw(">");
        }
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
        var span = output.GetSpan(40);
        date.TryFormat(span, out var written, "ddd, dd MMM yyyy HH:mm:ss ", System.Globalization.CultureInfo.InvariantCulture);
        var minutes = (int)date.Offset.TotalMinutes;
        span[written++] = (byte)(minutes < 0 ? '-' : '+');
        minutes = Math.Abs(minutes);
        Utf8Formatter.TryFormat((minutes / 60 * 100) + (minutes % 60), span[written..], out var digits, new StandardFormat('D', 4));
        output.Advance(written + digits);
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
            if (length is 0 or > 60 && text.Length > 0)
                return false;
        }
        return true;
    }
}
