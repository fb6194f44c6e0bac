using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>An address as it may stand between the angle brackets of MAIL and RCPT.</summary>
/// <param name="Text">The domain in A-labels (RFC 5890 §2.3.2.1), so that only the local part can need SMTPUTF8.</param>
internal readonly record struct SmtpAddress(string Text, bool NeedsSmtputf8)
{
    /// <exception cref="ArgumentException">Not an address. The message doesn't repeat it: it ends in logs.</exception>
    public static SmtpAddress Parse(string address, string what, bool mayBeEmpty)
    {
        if (address.Length == 0 && mayBeEmpty)
            return new("", false);
        var text = AddressRule.Write(address, out var problem) ?? throw new ArgumentException($"The {what} {problem}");
        return new(text, !Ascii.IsValid(text));
    }
}
