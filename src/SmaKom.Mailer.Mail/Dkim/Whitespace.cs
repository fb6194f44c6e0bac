namespace SmaKom.Mailer.Mail.Dkim;

internal static class Whitespace
{
    public static bool Is(byte b) => b is (byte)' ' or (byte)'\t';

    /// <summary>Copies a line with each run of spaces and tabs as one space, none at its end. Gives the number of octets written.</summary>
    public static int Reduce(ReadOnlySpan<byte> line, Span<byte> output)
    {
        var written = 0;
        var pending = false;
        foreach (var b in line)
        {
            if (Is(b))
            {
                pending = true;
                continue;
            }
            if (pending)
                output[written++] = (byte)' ';
            pending = false;
            output[written++] = b;
        }
        return written;
    }
}
