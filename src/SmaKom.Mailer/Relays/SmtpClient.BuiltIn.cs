using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays;

/// <summary>The client that speaks SMTP in this build: <c>-p:SmtpClient=BuiltIn</c> (default) or <c>MailKit</c>.</summary>
public static class SmtpClient
{
    public const string Name = "BuiltIn";

    public static IMailTransport New(TimeProvider time) => new SmtpTransport(time);
}
