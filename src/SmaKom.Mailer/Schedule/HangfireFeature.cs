using Hangfire;
using Hangfire.Dashboard;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

public static class JobEngineFeature
{
    /// <summary>Where Hangfire's own pages are.</summary>
    public const string Pages = "/hangfire";

    // Hangfire's pages carry an icon font and set styles on elements; scripts are files of its own.
    private const string DashboardSecurity =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void AddJobEngine(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        var options = builder.Configuration.GetSection("Schedule").Get<ScheduleOptions>() ?? new();
        var provision = !DatabaseOptions.From(builder.Configuration).LeastPrivilege;
        var services = builder.Services;
        // Nothing of Hangfire's static configuration is used: a process may hold several hosts, as the tests do.
        services.AddSingleton<JobStorage>(s => HangfireStore.Open(s.GetRequiredService<NpgsqlDataSource>(), options, provision));
        services.AddSingleton<IBackgroundJobClient>(s => new BackgroundJobClient(s.GetRequiredService<JobStorage>(), HangfireStore.Filters));
        services.AddSingleton<IRecurringJobManager>(s => new RecurringJobManager(s.GetRequiredService<JobStorage>(), HangfireStore.Filters));
        services.AddSingleton<IGlobalConfiguration>(GlobalConfiguration.Configuration);
        services.AddSingleton(DashboardRoutes.Routes);
        services.AddSingleton<IForeignSchema, HangfireSchema>();
        services.AddSingleton<AlarmBook>();
        services.AddScoped<HangfireRun>();
        services.AddSingleton<IJobEngine, HangfireEngine>();
        if (roles.Worker) services.AddHostedService<HangfireServer>();
    }

    /// <summary>Hangfire's own dashboard, for administrators, with the same login as everything else.</summary>
    public static void MapJobEngine(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Pages, StringComparison.Ordinal), branch => branch.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = DashboardSecurity;
            return next(context);
        }));
        app.MapHangfireDashboardWithAuthorizationPolicy(StaffPolicy.Administration, Pages, new DashboardOptions
        {
            AppPath = "/admin/jobb",
            DashboardTitle = "SmåKom · Hangfire",
            DisplayStorageConnectionString = false,
        });
    }
}
