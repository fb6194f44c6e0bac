namespace SmaKom.Mailer.Links;

/// <summary>RFC 4648 §6, lower case, without padding: survives servers that change the case of a local part.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 4) / 5];
        int bits = 0, held = 0, next = 0;
        foreach (var b in bytes)
        {
            held = (held << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text[next++] = Alphabet[(held >> (bits - 5)) & 31];
        }

        if (bits > 0) text[next] = Alphabet[(held << (5 - bits)) & 31];
        return new string(text);
    }

    /// <summary>False unless <paramref name="text"/> is exactly as long as <paramref name="bytes"/> need.</summary>
    public static bool TryDecode(string text, Span<byte> bytes)
    {
        if (text.Length != (bytes.Length * 8 + 4) / 5) return false;
        int bits = 0, held = 0, next = 0;
        foreach (var c in text)
        {
            var value = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0) return false;
            held = (held << 5) | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[next++] = (byte)(held >> bits);
        }

        return true;
    }
}
