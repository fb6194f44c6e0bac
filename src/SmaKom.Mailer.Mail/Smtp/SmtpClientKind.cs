namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Which SMTP client speaks with a relay.</summary>
public enum SmtpClientKind
{
    /// <summary>MailKit: two to four round trips a letter, years of odd servers.</summary>
    MailKit,

    /// <summary>Our own: one round trip a letter where the relay offers PIPELINING (RFC 2920).</summary>
    Pipelined,
}
