using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Jobs.Pages;

namespace SmaKom.Mailer.Admin;

public static class AdminFeature
{
    public static void AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminLog>();
        builder.Services.AddSingleton<RunList>();
        builder.Services.AddSingleton<JobBoard>();
        builder.Services.AddSingleton<CronWords>();
        builder.Services.AddSingleton<JobPhrases>();
        builder.Services.AddSingleton<JobTroubles>();
        builder.Services.AddSingleton<JobNews>();
        builder.Services.AddHangfireDashboard();
    }

    /// <summary>What is no page; the pages are found by their <c>@page</c>.</summary>
    public static void MapAdmin(this WebApplication app)
    {
        var jobs = app.AdminGroup(JobMoves.Board);
        jobs.MapGet("/lage", JobNews.Answer);
        JobMoves.Map(jobs);
        app.MapHangfireDashboard();
    }

    /// <summary>A group of endpoints below <c>/admin</c>, for administrators only.</summary>
    public static RouteGroupBuilder AdminGroup(this WebApplication app, string path) => app.MapGroup(path).RequireAuthorization(StaffPolicy.Administration);
}
