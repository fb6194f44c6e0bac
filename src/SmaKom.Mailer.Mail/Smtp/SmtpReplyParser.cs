using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Takes one reply, of one or many lines, off the front of what has been received (RFC 5321 §4.2.1).</summary>
internal static class SmtpReplyParser
{
    /// <returns>False: the reply is not complete yet.</returns>
    /// <exception cref="FormatException">This is not an SMTP reply.</exception>
    public static bool TryTake(ReadOnlySpan<byte> received, out int length, out SmtpReply? reply)
    {
        (length, reply) = (0, null);
        StringBuilder? earlier = null;
        while (true)
        {
            var rest = received[length..];
            var lf = rest.IndexOf((byte)'\n');
            if (lf < 0)
                return false;
            // Only servers that are wrong end a reply with a bare LF; nothing is gained by refusing it.
            var line = rest[..lf].TrimEnd((byte)'\r');
            length += lf + 1;
            // Lines of one reply with different codes: the last one counts, as the one that ends it.
            var code = Code(line);
            var text = line.Length > 4 ? line[4..] : default;
            if (line.Length > 3 && line[3] == '-')
            {
                (earlier ??= new()).Append(Printable(text)).Append('\n');
                continue;
            }
            reply = Assemble(code, earlier, text);
            return true;
        }
    }

    private static int Code(ReadOnlySpan<byte> line)
    {
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || !char.IsAsciiDigit((char)line[1]) || !char.IsAsciiDigit((char)line[2])
            || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
            throw new FormatException("the line does not begin with a reply code");
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    }

    private static SmtpReply Assemble(int code, StringBuilder? earlier, ReadOnlySpan<byte> last)
    {
        var enhanced = Enhanced(code, last, out var codeLength);
        var text = Printable(last[codeLength..]);
        if (earlier is not null)
        {
            // Each line repeats the enhanced code (RFC 2034 §4); people need to read it once.
            var prefix = enhanced is { } e ? e + " " : null;
            var lines = earlier.Append(text).ToString().Split('\n');
            text = string.Join('\n',
                lines.Select(l => prefix is not null && l.StartsWith(prefix, StringComparison.Ordinal) ? l[prefix.Length..] : l));
        }
        var reply = new SmtpReply(code, enhanced, text);
        return reply.Text.Length == text.Length ? reply : reply with { Whole = text };
    }

    private static EnhancedCode? Enhanced(int code, ReadOnlySpan<byte> text, out int length)
    {
        length = 0;
        var end = text.IndexOf((byte)' ');
        var word = end < 0 ? text : text[..end];
        if (word.Length is < 5 or > 9 || word[0] - '0' != code / 100 || word[1] != '.')
            return null;
        var dot = word[2..].IndexOf((byte)'.');
        if (dot < 0 || !TryNumber(word.Slice(2, dot), out var subject) || !TryNumber(word[(dot + 3)..], out var detail))
            return null;
        length = end < 0 ? word.Length : end + 1;
        return new EnhancedCode(code / 100, subject, detail);
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var d in digits)
        {
            if (!char.IsAsciiDigit((char)d))
                return false;
            value = value * 10 + d - '0';
        }
        return digits.Length is >= 1 and <= 3;
    }

    // Replies are shown to people and written to logs: nothing in them may move a cursor or start a line.
    private static string Printable(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
            return Encoding.ASCII.GetString(text);
        return Encoding.UTF8.GetString(text).Aggregate(
            new StringBuilder(), (s, c) => s.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c)).ToString();
    }
}
