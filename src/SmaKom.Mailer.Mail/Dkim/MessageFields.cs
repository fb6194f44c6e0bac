namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>Where a header field lies in the message: its name, and its value from after the colon to before the closing CRLF.</summary>
internal readonly record struct FieldRange(int Name, int NameLength, int Value, int ValueEnd)
{
    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> message) => message.Slice(Name, NameLength);

    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> message) => message[Value..ValueEnd];
}

/// <summary>Finds the header fields and the body of a message with CRLF line ends, without copying.</summary>
internal static class MessageFields
{
    public const int Max = 500;

    /// <summary>Fills <paramref name="fields"/> top down. Lines that are no header field are passed over.</summary>
    /// <exception cref="ArgumentException">More than 500 header fields.</exception>
    public static int Find(ReadOnlySpan<byte> message, Span<FieldRange> fields, out int bodyStart)
    {
        var count = 0;
        var at = 0;
        while (at < message.Length && !message[at..].StartsWith("\r\n"u8))
        {
            var end = FieldEnd(message, at);
            var colon = message[at..end].IndexOf((byte)':');
            if (colon > 0)
            {
                if (count == fields.Length)
                    throw new ArgumentException($"The message has more than {fields.Length} header fields.", nameof(message));
                var name = message.Slice(at, colon).TrimEnd(" \t"u8);
                fields[count++] = new FieldRange(at, name.Length, at + colon + 1, end);
            }
            at = Math.Min(end + 2, message.Length);
        }
        bodyStart = Math.Min(at + 2, message.Length);
        return count;
    }

    /// <summary>The CRLF that no space or tab follows: a folded field goes on.</summary>
    private static int FieldEnd(ReadOnlySpan<byte> message, int at)
    {
        while (true)
        {
            var lineEnd = message[at..].IndexOf("\r\n"u8);
            if (lineEnd < 0)
                return message.Length;
            at += lineEnd;
            if (at + 2 >= message.Length || !Whitespace.Is(message[at + 2]))
                return at;
            at += 2;
        }
    }
}
