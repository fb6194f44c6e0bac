using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.MailKit;

namespace SmaKom.Mailer.Bounces;

/// <summary>What reads mail in this build: nothing by default; with <c>-p:SmtpClient=MailKit</c> MailKit's IMAP client.</summary>
public static class ImapClient
{
    public static IMailboxClient? New(TimeProvider time) => new ImapMailbox(time);
}
