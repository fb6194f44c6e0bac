namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// The "relaxed" header canonicalisation (RFC 6376 §3.4.2): lower-case name, unfolded value, runs of space as one, none
/// around the colon or at the end.
/// </summary>
internal static class RelaxedHeader
{
    /// <summary>Writes <c>name:value</c> without the closing CRLF; the output is never longer than the field.</summary>
    public static int Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> output)
    {
        System.Text.Ascii.ToLower(name, output, out var written);
        output[written++] = (byte)':';
        var start = written;
        var pending = false;
        for (var i = 0; i < value.Length; i++)
        {
            var b = value[i];
            if (b == '\r' && i + 1 < value.Length && value[i + 1] == '\n')
            {
                i++; // unfold: the line break goes, the space after it stays
                continue;
            }
            if (Whitespace.Is(b))
            {
                pending = true;
                continue;
            }
            if (pending && written > start)
                output[written++] = (byte)' ';
            pending = false;
            output[written++] = b;
        }
        return written;
    }
}
