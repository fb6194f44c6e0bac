using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Decodes encoded-words (RFC 2047). Neighbours of one charset are joined before decoding: some senders split a character between two.</summary>
internal static class EncodedWordReader
{
    public static string Decode(string text)
    {
        if (!text.Contains("=?", StringComparison.Ordinal))
            return text;
        var output = new StringBuilder(text.Length);
        var octets = new List<byte>();
        var last = text.LastIndexOf("?=", StringComparison.Ordinal);
        string? charset = null;
        var at = 0;
        while (text.IndexOf("=?", at, StringComparison.Ordinal) is var start and >= 0)
        {
            if (Read(text, start, last) is not { } word)
            {
                Flush();
                output.Append(text, at, start + 2 - at);
                at = start + 2;
                continue;
            }
            var between = text.AsSpan(at, start - at);
            var joins = charset is not null && between.IsWhiteSpace();
            if (!joins || !charset!.Equals(word.Charset, StringComparison.OrdinalIgnoreCase))
                Flush();
            if (!joins)
                output.Append(between);
            charset = word.Charset;
            octets.AddRange(word.Octets);
            at = word.End;
        }
        Flush();
        return output.Append(text, at, text.Length - at).ToString();

        void Flush()
        {
            if (charset is not null)
                output.Append(Charsets.Decode(charset, octets.ToArray()));
            octets.Clear();
            charset = null;
        }
    }

    /// <param name="last">Where the last "?=" is: found once, so that a hostile header costs no second scan per word.</param>
    private static (string Charset, byte[] Octets, int End)? Read(string text, int start, int last)
    {
        var afterCharset = text.IndexOf('?', start + 2);
        if (afterCharset < 0 || afterCharset + 3 > last || text[afterCharset + 2] != '?')
            return null;
        var charset = text[(start + 2)..afterCharset].Split('*')[0]; // RFC 2231 §5: a language may follow
        var encoding = char.ToUpperInvariant(text[afterCharset + 1]);
        if (charset.Length == 0 || charset.Contains(' ', StringComparison.Ordinal) || encoding is not ('B' or 'Q'))
            return null;
        var from = afterCharset + 3;
        var end = from + text.AsSpan(from, last - from + 2).IndexOf("?=");
        var octets = Encoding.UTF8.GetBytes(text[from..end]);
        return (charset, encoding == 'B' ? TransferDecoder.Base64(octets) : TransferDecoder.QuotedPrintable(Spaces(octets)), end + 2);
    }

    private static byte[] Spaces(byte[] octets)
    {
        octets.AsSpan().Replace((byte)'_', (byte)' ');
        return octets;
    }
}
