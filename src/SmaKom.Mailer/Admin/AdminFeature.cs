using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Jobs.Pages;

namespace SmaKom.Mailer.Admin;

public static class AdminFeature
{
    public static void AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<RunList>();
        builder.Services.AddSingleton<JobBoard>();
        builder.Services.AddSingleton<CronWords>();
        builder.Services.AddSingleton<JobPhrases>();
        builder.Services.AddSingleton<JobNews>();
        builder.Services.AddHangfireDashboard();
    }
}
