using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>MAIL and RCPT for one letter, with the parameters that this relay understands; or why there are none.</summary>
internal sealed record EnvelopeCommands(Envelope Envelope, string Mail, string Rcpt, bool EightBit)
{
    /// <summary>The reply that we make up, in the relay's place, where a letter cannot be carried by it.</summary>
    public SmtpReply? Undeliverable { get; private init; }

    /// <param name="size">Octets, or the best estimate of a letter that is only announced (RFC 1870 §5).</param>
    /// <exception cref="ArgumentException">The envelope can never be sent.</exception>
    public static EnvelopeCommands For(Envelope envelope, SmtpOffers offers, long size, bool eightBit)
    {
        var from = SmtpAddress.Parse(envelope.ReturnPath, "return path", mayBeEmpty: true);
        var to = SmtpAddress.Parse(envelope.Recipient, "recipient", mayBeEmpty: false);
        var smtputf8 = from.NeedsSmtputf8 || to.NeedsSmtputf8;
        var mail = new StringBuilder("MAIL FROM:<").Append(from.Text).Append('>');
        if (offers.HasSize)
            mail.Append(CultureInfo.InvariantCulture, $" SIZE={size}");
        if (eightBit && offers.EightBitMime)
            mail.Append(" BODY=8BITMIME");
        if (smtputf8)
            mail.Append(" SMTPUTF8");
        if (offers.Dsn)
        {
            mail.Append(" RET=HDRS");
            if (envelope.EnvelopeId is { } id)
                mail.Append(" ENVID=").Append(Xtext(id));
        }
        return new(envelope, mail.Append("\r\n").ToString(), $"RCPT TO:<{to.Text}>{(offers.Dsn ? " NOTIFY=FAILURE" : "")}\r\n", eightBit)
        {
            Undeliverable = WhyNot(offers, size, eightBit, smtputf8),
        };
    }

    // Nobody's mailbox is at fault here: the enhanced codes are those that never suppress an address.
    private static SmtpReply? WhyNot(SmtpOffers offers, long size, bool eightBit, bool smtputf8)
    {
        if (smtputf8 && !offers.Smtputf8)
            return new(553, new(5, 6, 7), "undeliverable: no SMTPUTF8");
        if (eightBit && !offers.EightBitMime)
            return new(554, new(5, 6, 3), "undeliverable: no 8BITMIME");
        if (offers.MaxSize is { } most && size > most)
            return new(552, new(5, 3, 4), string.Create(CultureInfo.InvariantCulture, $"undeliverable: {size} octets, and the relay takes {most}"));
        return null;
    }

    // RFC 3461 §4: everything but printable ASCII, and "+" and "=", as +HH.
    private static string Xtext(string id)
    {
        if (id.Length == 0 || id.Any(c => c is < ' ' or > '~'))
            throw new ArgumentException("The envelope id must be printable ASCII (RFC 3461 §4.4)");
        var text = new StringBuilder();
        foreach (var c in id)
            _ = c is ' ' or '+' or '=' ? text.Append(CultureInfo.InvariantCulture, $"+{(int)c:X2}") : text.Append(c);
        return text.Length <= 100 ? text.ToString() : throw new ArgumentException("The envelope id is longer than 100 characters (RFC 3461 §4.4)");
    }
}
