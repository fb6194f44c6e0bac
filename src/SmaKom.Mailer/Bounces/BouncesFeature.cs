using Microsoft.Extensions.Options;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Bounces.Signals;
using SmaKom.Mailer.Bounces.Signals.Consequences;
using SmaKom.Mailer.Bounces.Tasks;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Bounces;

public static class BouncesFeature
{
    public static void AddBounces(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        builder.Services.AddOptions<MailboxOptions>().BindConfiguration("Mailbox").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MailboxOptions>, MailboxOptions.Validation>();
        builder.Services.AddSingleton<IncomingMails>();
        builder.Services.AddSingleton<WhoseLetter>();
        builder.Services.AddSingleton<SignalRecorder>();
        builder.Services.AddSingleton<StopByBounce>();
        builder.Services.AddSingleton<StopByComplaint>();
        builder.Services.AddSingleton<DomainAway>();
        builder.Services.AddSingleton<IssueAlarm>();
        builder.Services.AddSingleton<AskStaff>();
        builder.Services.AddSingleton<LeaveByMail>();
        builder.Services.AddSingleton<NoticeReturns>();
        builder.Services.AddSingleton<IncomingReader>();
        builder.Services.AddSingleton<RefusalReader>();
        builder.Services.AddSingleton<StaffTasks>();
        if (roles.Worker) builder.Services.AddHostedService<ReturnsReader>();
        builder.Services.AddSingleton(services => new BounceMailbox(
            new ImapMailbox(services.GetRequiredService<TimeProvider>()), services.GetRequiredService<IOptions<MailboxOptions>>()));
    }
}
