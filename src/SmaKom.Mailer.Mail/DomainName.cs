using System.Globalization;

namespace SmaKom.Mailer.Mail;

/// <summary>A host's name: labels of letters, digits and hyphens (RFC 1123 §2.1), others in A-labels (RFC 5890 §2.3.2.1).</summary>
internal static class DomainName
{
    private const int Longest = 253;

    /// <summary>
    /// In ASCII: as written where it was, else räksmörgås.example becomes xn--rksmrgs-5wao1o.example. Null: it is no host's name.
    /// </summary>
    public static string? InAscii(string name)
    {
        if (IsHostName(name) && !name.Contains("xn--", StringComparison.OrdinalIgnoreCase)) return name;
        if (name.Length is 0 or > Longest) return null;
        try
        {
            // Not a static instance: IdnMapping's settings are mutable, and this is off the usual path.
            var ascii = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(name);
            return IsHostName(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > Longest) return false;
        foreach (var range in name.Split('.'))
            if (!IsLabel(name[range])) return false;
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
        foreach (var c in label)
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        return true;
    }
}
