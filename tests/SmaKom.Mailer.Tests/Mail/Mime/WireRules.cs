using System.Text;

namespace SmaKom.Mailer.Tests.Mail.Mime;

/// <summary>What every message on the wire keeps to, whatever is in it (RFC 5322 §2.1.1, RFC 2045 §6.7, RFC 2047 §2).</summary>
internal static class WireRules
{
    public static void AssertKept(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        Assert.That(text, Does.EndWith("\r\n"));
        var lines = text[..^2].Split("\r\n");
        var headerEnd = Array.IndexOf(lines, "");
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var problem = line.Contains('\r') || line.Contains('\n') ? "has a bare CR or LF"
                : line.Any(c => c is < ' ' or > '~') ? "has an octet that is not printable ASCII"
                : line.EndsWith(' ') ? "ends with a space"
                : i > headerEnd && line.Length > 76 ? "is longer than 76"
                : i > headerEnd && (line.StartsWith('.') || line.StartsWith("From ", StringComparison.Ordinal)) ? "would be stuffed on the way"
                : line.Length > 998 || (line.Contains("=?utf-8?") && line.Length > 76) ? "is too long for a header"
                : i < headerEnd && line.Trim().Length == 0 ? "is a blank header line"
                : null;
            if (problem is not null)
                Assert.Fail($"line {i + 1} {problem}: {line}");
        }
    }
}
