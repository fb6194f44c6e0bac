using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Bounces.Collecting.Webhooks;
using SmaKom.Mailer.Bounces.Pages;
using SmaKom.Mailer.Bounces.Signals;
using SmaKom.Mailer.Bounces.Signals.Consequences;
using SmaKom.Mailer.Bounces.Tasks;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Pop3;
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
        builder.Services.AddSingleton<StoredMails>();
        builder.Services.AddSingleton(services => new BounceMailbox(
            new ImapMailbox(services.GetRequiredService<TimeProvider>()), services.GetRequiredService<IOptions<MailboxOptions>>()));
        builder.Services.AddSingleton(services => new Pop3Mailbox(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<MailSources>();
        builder.Services.AddSingleton<ImapSource>();
        builder.Services.AddSingleton<Pop3Source>();
        builder.Services.AddSingleton<IMailSource>(services => services.GetRequiredService<BounceMailbox>().IsPop3
            ? services.GetRequiredService<Pop3Source>() : services.GetRequiredService<ImapSource>());
        builder.Services.AddSingleton<MailboxCollector>();
        builder.Services.AddSingleton<ICheck, MailboxChecks>();
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptions.Validation>();
        builder.Services.TryAddSingleton(services => new SnsCertificates(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(10) },
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddOptions<ReceiverOptions>().BindConfiguration("Receiver").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ReceiverOptions>, ReceiverOptions.Validation>();
        builder.Services.AddSingleton<ReturnAddresses>();
        builder.Services.AddSingleton<ReturnReceiver>();
        if (roles.Worker && builder.Configuration.GetValue<bool>("Receiver:Enabled"))
            builder.Services.AddHostedService(services => services.GetRequiredService<ReturnReceiver>());
        if (roles.Worker && builder.Configuration["Mailbox:Host"] is { Length: > 0 })
            builder.Services.AddHostedService(services => services.GetRequiredService<MailboxCollector>());
    }

    public static void MapBounces(this WebApplication app)
    {
        app.MapReturns();
        app.MapWebhooks();
    }
}
