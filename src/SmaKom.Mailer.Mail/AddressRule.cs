using System.Text;

namespace SmaKom.Mailer.Mail;

/// <summary>
/// What a mail address is: a dot-atom, @ and a domain (RFC 5321 §4.1.2, RFC 6531 §3.3). The one rule of sign-up, lists, staff, settings,
/// headers and envelopes. Quoted local parts and address literals are refused: nobody subscribes with them, and they are a way to smuggle.
/// So is every character that nobody sees: two addresses that look the same would be two people, and leaving would end one of them.
/// </summary>
internal static class AddressRule
{
    /// <summary>Octets of a path without its brackets (RFC 5321 §4.5.3.1.3, erratum 1690), the domain in A-labels.</summary>
    private const int MostOctets = 254;
    private const int MostLocalOctets = 64;
    private const string Hidden = "EmailAddress.Hidden";

    /// <param name="domain">In ASCII, in the case that was written.</param>
    /// <param name="problem">Empty, or a text resource of <c>EmailAddress.*</c>; what its text names stands after a space.</param>
    public static bool TryRead(string text, out ReadOnlySpan<char> local, out string domain, out string problem)
    {
        var at = text.LastIndexOf('@');
        local = at < 0 ? default : text.AsSpan(0, at);
        domain = "";
        problem = text switch
        {
            "" => "EmailAddress.Empty",
            _ when at < 0 => "EmailAddress.NoAt",
            _ when at == 0 => "EmailAddress.NoLocalPart",
            _ when at == text.Length - 1 => "EmailAddress.NoDomain",
            _ when HoldsSpace(text) => "EmailAddress.Space",
            _ when UnicodeText.FirstUnseen(text) is { } unseen => $"{Hidden} U+{unseen.Value:X4}",
            _ when !IsDotAtom(local) => "EmailAddress.LocalPart",
            _ => "",
        };
        if (problem != "") return false;
        if (DomainName.InAscii(text[(at + 1)..]) is not { } ascii || !IsOnTheInternet(ascii)) problem = "EmailAddress.Domain";
        else domain = ascii;
        if (problem == "" && Encoding.UTF8.GetByteCount(local) is var octets && (octets > MostLocalOctets || octets + 1 + domain.Length > MostOctets))
            problem = "EmailAddress.TooLong";
        return problem == "";
    }

    /// <summary>The address as it is written in a header or an envelope: the domain in A-labels.</summary>
    /// <param name="problem">In English, for logs and those who look at a letter that could not be written. Never repeats the address.</param>
    public static string? Write(string text, out string problem)
    {
        if (!TryRead(text, out var local, out var domain, out problem))
        {
            problem = InEnglish(problem);
            return null;
        }

        return text.AsSpan(local.Length + 1).SequenceEqual(domain) ? text : $"{local}@{domain}";
    }

    private static string InEnglish(string problem) => problem switch
    {
        "EmailAddress.Empty" => "is missing",
        "EmailAddress.NoAt" => "has no @",
        "EmailAddress.NoLocalPart" => "has nothing before the @",
        "EmailAddress.NoDomain" => "has nothing after the @",
        "EmailAddress.Space" => "holds a space or a line break",
        "EmailAddress.LocalPart" => "has a misplaced dot or a forbidden character before the @",
        "EmailAddress.Domain" => "has no domain name after the @",
        "EmailAddress.TooLong" => $"has more than {MostLocalOctets} octets before the @, or more than {MostOctets} in all",
        _ => $"holds a character that nobody sees or can read,{problem.AsSpan(Hidden.Length)}",
    };

    private static bool HoldsSpace(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c)) return true;
        return false;
    }

    private static bool IsDotAtom(ReadOnlySpan<char> local)
    {
        var afterDot = true;
        foreach (var c in local)
        {
            if (c == '.' ? afterDot : !IsAtomText(c)) return false;
            afterDot = c == '.';
        }

        return !afterDot;
    }

    internal static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || c > 0x9F || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    // A name within the own network or an IPv4 address is nobody's mailbox.
    private static bool IsOnTheInternet(string domain) =>
        domain.LastIndexOf('.') is > 0 and var dot && domain.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
}
