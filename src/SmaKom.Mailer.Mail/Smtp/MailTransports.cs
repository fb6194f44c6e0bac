using SmaKom.Mailer.Mail.Smtp.MailKit;
using SmaKom.Mailer.Mail.Smtp.Pipelined;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Both clients. One instance serves a whole process; thread-safe.</summary>
public sealed class MailTransports(TimeProvider? timeProvider = null)
{
    private readonly MailKitTransport mailKit = new(timeProvider);
    private readonly PipelinedTransport pipelined = new(timeProvider);

    public IMailTransport this[SmtpClientKind kind] => kind == SmtpClientKind.Pipelined ? pipelined : mailKit;
}
