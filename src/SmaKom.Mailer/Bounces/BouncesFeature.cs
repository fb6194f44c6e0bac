using Microsoft.Extensions.Options;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Mail.Imap;

namespace SmaKom.Mailer.Bounces;

public static class BouncesFeature
{
    public static void AddBounces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MailboxOptions>().BindConfiguration("Mailbox").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MailboxOptions>, MailboxOptions.Validation>();
        builder.Services.AddSingleton<IncomingMails>();
        builder.Services.AddSingleton(services => new BounceMailbox(
            new ImapMailbox(services.GetRequiredService<TimeProvider>()), services.GetRequiredService<IOptions<MailboxOptions>>()));
    }
}
