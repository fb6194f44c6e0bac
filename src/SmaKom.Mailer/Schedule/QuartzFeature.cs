using Quartz;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

/// <summary>The engine of this build: <c>-p:JobEngine=Quartz</c> (default). Hangfire's files hold a class of the same name.</summary>
public static class JobEngineFeature
{
    public const string Name = "Quartz";

    /// <summary>Where the engine's own pages are; null: it has none.</summary>
    public static string? Dashboard => null;

    public static void AddJobEngine(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        var options = builder.Configuration.GetSection("Schedule").Get<ScheduleOptions>() ?? new();
        builder.Services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(4);
            quartz.ConfigureOptions<QuartzSchedulerOptions>(scheduler =>
            {
                scheduler.InstanceName = "mailer";
                scheduler.IdleWaitTime = options.PollInterval;
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            QuartzStore.Use(quartz, options, provision: !DatabaseOptions.From(builder.Configuration).LeastPrivilege);
        });
        builder.Services.AddSingleton<IForeignSchema, QuartzSchema>();
        builder.Services.AddSingleton<IJobEngine, QuartzEngine>();
        if (roles.Worker) builder.Services.AddHostedService<RecurringJobs>();
        builder.Services.AddQuartzHostedService(hosted =>
        {
            hosted.AutoStart = roles.Worker;
            // A run is told to end and given two seconds. Waiting for it would wait for a database that may be gone;
            // what is cut off is run again by another worker.
            hosted.WaitForJobsToComplete = false;
        });
    }

    /// <summary>Quartz has no pages of its own.</summary>
    public static void MapJobEngine(this WebApplication app)
    {
    }
}
