namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Undoes base64 and quoted-printable (RFC 2045 §6), passing over what does not belong there.</summary>
internal static class TransferDecoder
{
    public static ReadOnlyMemory<byte> Decode(string? encoding, ReadOnlyMemory<byte> bytes) => encoding?.Trim().ToLowerInvariant() switch
    {
        "base64" => Base64(bytes.Span),
        "quoted-printable" => QuotedPrintable(bytes.Span),
        _ => bytes,
    };

    public static byte[] Base64(ReadOnlySpan<byte> text)
    {
        var clean = new byte[text.Length + 3];
        var count = 0;
        foreach (var b in text)
        {
            if (b == '=')
                break;
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'+' or (byte)'/')
                clean[count++] = b;
        }
        if (count % 4 == 1)
            count--; // six bits alone are no octet
        while (count % 4 != 0)
            clean[count++] = (byte)'=';
        System.Buffers.Text.Base64.DecodeFromUtf8InPlace(clean.AsSpan(0, count), out var written);
        return clean[..written];
    }

    public static byte[] QuotedPrintable(ReadOnlySpan<byte> text)
    {
        var output = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
                output[count++] = text[i];
            else if (i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low)
                (output[count++], i) = ((byte)((high << 4) | low), i + 2);
            else if (SoftBreak(text[(i + 1)..]) is > 0 and var skipped)
                i += skipped;
            else
                output[count++] = (byte)'=';
        }
        return output[..count];
    }

    /// <summary>Octets up to and with the line end after a "="; spaces may have crept in between. 0 when it is no line end.</summary>
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        var i = 0;
        while (i < rest.Length && rest[i] is (byte)' ' or (byte)'\t' or (byte)'\r')
            i++;
        if (i == rest.Length)
            return i;
        return rest[i] == '\n' ? i + 1 : 0;
    }

    private static int Hex(byte b) => char.IsAsciiHexDigit((char)b) ? b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10 : -1;
}
