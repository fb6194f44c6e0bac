using System.Text;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>
/// MailKit takes 250 and 251 for an accepted recipient and no other 2xx, against RFC 5321 §4.3.2, and gives up a connection on which the lines of
/// one reply have different codes. It shows each piece of input to its protocol logger before it reads it: here such a reply becomes one that
/// means the same and that MailKit knows. What the relay said is told from the octets as they came.
/// </summary>
internal static class ReplyForMailKit
{
    /// <param name="lines">As much of the reply as is in the present piece of input, up to its end.</param>
    /// <param name="isInLine">It begins in the middle of a line.</param>
    public static void Write(Span<byte> lines, bool isInLine, SmtpReply reply, string stage)
    {
        var isTaken = stage is "MAIL FROM" or "RCPT TO" && reply.Code is >= 200 and < 300;
        Span<byte> code = stackalloc byte[3];
        Encoding.ASCII.GetBytes((isTaken ? 250 : reply.Code).ToString(System.Globalization.CultureInfo.InvariantCulture), code);
        while (lines.Length >= 4)
        {
            if (!isInLine && IsCode(lines)) code.CopyTo(lines);
            isInLine = false;
            var end = lines.IndexOf((byte)'\n');
            if (end < 0) return;
            lines = lines[(end + 1)..];
        }
    }

    private static bool IsCode(ReadOnlySpan<byte> line) =>
        line[0] is >= (byte)'2' and <= (byte)'5' && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2])
        && line[3] is (byte)' ' or (byte)'-' or (byte)'\r' or (byte)'\n';
}
