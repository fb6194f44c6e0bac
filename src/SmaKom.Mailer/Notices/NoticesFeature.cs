using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Notices;

public static class NoticesFeature
{
    public static void AddNotices(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        builder.Services.AddSingleton<NoticeOutbox>();
        builder.Services.AddSingleton<NoticeQueue>();
        builder.Services.AddSingleton<NoticeLetters>();
        builder.Services.AddSingleton<TrialLetters>();
        builder.Services.AddSingleton<NoticeWriter>();
        if (roles.Worker) builder.Services.AddHostedService<NoticeSender>();
    }
}
