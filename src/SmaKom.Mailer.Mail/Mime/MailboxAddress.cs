using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// The rules for <c>local@domain</c> (RFC 5322 §3.4.1, RFC 6532 §3.2): dot-atom or quoted local part, domain name; no address literals, no comments.
/// </summary>
public static class MailboxAddress
{
    private const int MaxOctets = 254;
    private const int MaxLocalOctets = 64;
    private const string Field = "address";

    /// <summary>The address with its domain in A-labels.</summary>
    /// <exception cref="MimeException">It is no address that a letter can be sent to.</exception>
    public static string Normalize(string address)
    {
        if (string.IsNullOrEmpty(address))
            throw new MimeException(Field, "is missing");
        HeaderText.Guard(Field, address);
        var at = address.LastIndexOf('@');
        if (at < 0)
            throw new MimeException(Field, "has no @");
        CheckLocalPart(address.AsSpan(0, at));
        var normal = WithAsciiDomain(address, at);
        CheckDomain(normal.AsSpan(at + 1));
        if (Encoding.UTF8.GetByteCount(normal) > MaxOctets)
            throw new MimeException(Field, $"is longer than {MaxOctets} octets");
        return normal;
    }

    private static void CheckLocalPart(ReadOnlySpan<char> local)
    {
        if (local.IsEmpty)
            throw new MimeException(Field, "has nothing before the @");
        if (Encoding.UTF8.GetByteCount(local) > MaxLocalOctets)
            throw new MimeException(Field, $"has more than {MaxLocalOctets} octets before the @");
        var valid = local[0] == '"' ? IsQuotedString(local) : IsDotAtom(local);
        if (!valid)
            throw new MimeException(Field, "has a space, a misplaced dot or a forbidden character before the @");
    }

    private static bool IsDotAtom(ReadOnlySpan<char> local)
    {
        var afterDot = true;
        foreach (var c in local)
        {
            if (c == '.' ? afterDot : !IsAtomText(c))
                return false;
            afterDot = c == '.';
        }
        return !afterDot;
    }

    internal static bool IsAtomText(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal)
        || (c > 0x7F && !char.IsWhiteSpace(c));

    private static bool IsQuotedString(ReadOnlySpan<char> local)
    {
        if (local.Length < 2 || local[^1] != '"')
            return false;
        var inside = local[1..^1];
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == '"' || (inside[i] == '\\' && ++i == inside.Length))
                return false;
        }
        return HeaderText.IsPrintableAscii(inside);
    }

    private static string WithAsciiDomain(string address, int at)
    {
        var domain = address.AsSpan(at + 1);
        if (HeaderText.IsPrintableAscii(domain))
            return address;
        try
        {
            // Not a static instance: IdnMapping's settings are mutable, and this is off the usual path.
            return string.Concat(address.AsSpan(0, at + 1), new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain.ToString()));
        }
        catch (ArgumentException e)
        {
            throw new MimeException(Field, "has a domain that cannot be written in ASCII (RFC 5891)", e);
        }
    }

    private static void CheckDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is 0 or > 253)
            throw new MimeException(Field, "has no domain after the @, or one longer than 253 characters");
        foreach (var range in domain.Split('.'))
        {
            if (!IsLabel(domain[range]))
                throw new MimeException(Field, $"has a domain that is no host name: “{domain}”");
        }
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                return false;
        }
        return true;
    }
}
