namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Cuts a multipart body at its boundary lines (RFC 2046 §5.1.1).</summary>
internal static class Multipart
{
    /// <summary>The parts between the boundaries. A missing closing boundary ends the last part where the bytes end.</summary>
    /// <param name="delimiter">Two hyphens and the boundary.</param>
    public static List<Range> Split(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        var parts = new List<Range>();
        var start = -1;
        var at = 0;
        while (at < body.Length)
        {
            var lineEnd = body[at..].IndexOf((byte)'\n');
            var next = lineEnd < 0 ? body.Length : at + lineEnd + 1;
            var rest = body[at..next].TrimEnd(" \t\r\n"u8);
            var closes = rest.Length == delimiter.Length + 2 && rest.EndsWith("--"u8);
            if (rest.StartsWith(delimiter) && (closes || rest.Length == delimiter.Length))
            {
                if (start >= 0)
                    parts.Add(start..Math.Max(start, BeforeLineEnd(body, at)));
                start = next;
                if (closes)
                    return parts;
            }
            at = next;
        }
        if (start >= 0)
            parts.Add(start..body.Length);
        return parts;
    }

    /// <summary>The line end before a boundary belongs to the boundary.</summary>
    private static int BeforeLineEnd(ReadOnlySpan<byte> body, int at)
    {
        if (at > 0 && body[at - 1] == '\n')
            at--;
        return at > 0 && body[at - 1] == '\r' ? at - 1 : at;
    }
}
