using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.MailKit;

namespace SmaKom.Mailer.Relays;

/// <summary>The client that speaks SMTP in this build: <c>-p:SmtpClient=BuiltIn</c> (default) or <c>MailKit</c>.</summary>
public static class SmtpClient
{
    public const string Name = "MailKit";

    public static IMailTransport New(TimeProvider time) => new MailKitTransport(time);
}
