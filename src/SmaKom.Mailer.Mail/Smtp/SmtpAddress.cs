using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>An address as it may stand between the angle brackets of MAIL and RCPT.</summary>
/// <param name="Text">The domain in A-labels (RFC 5890 §2.3.2.1), so that only the local part can need SMTPUTF8.</param>
internal readonly record struct SmtpAddress(string Text, bool NeedsSmtputf8)
{
    private const int MaxOctets = 254;

    /// <exception cref="ArgumentException">
    /// Not an address, or one with controls, spaces or angle brackets. The message doesn't repeat the address:
    /// it ends in logs.
    /// </exception>
    public static SmtpAddress Parse(string address, string what, bool mayBeEmpty)
    {
        if (address.Length == 0 && mayBeEmpty)
            return new("", false);
        if (address.Any(c => c is <= ' ' or '<' or '>' or '\u2028' or '\u2029' || char.IsControl(c)) || !IsWellFormed(address))
            throw new ArgumentException($"The {what} holds a character that an SMTP envelope cannot carry");
        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1)
            throw new ArgumentException($"The {what} is not of the form local@domain");
        var text = Ascii.IsValid(address) ? address : address[..(at + 1)] + AsciiDomain(address[(at + 1)..], what);
        if (Encoding.UTF8.GetByteCount(text) > MaxOctets)
            throw new ArgumentException($"The {what} is longer than {MaxOctets} octets (RFC 5321 §4.5.3.1.3)");
        return new(text, !Ascii.IsValid(text));
    }

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar)
                return false;
        return true;
    }

    private static string AsciiDomain(string domain, string what)
    {
        if (Ascii.IsValid(domain))
            return domain;
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetAscii(domain);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The domain of the {what} is not a domain name", e);
        }
    }
}
