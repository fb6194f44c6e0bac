using Microsoft.Extensions.Options;
using Quartz;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Hosting;

namespace SmaKom.Mailer.Schedule;

public static class ScheduleFeature
{
    public static void AddSchedule(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        builder.Services.AddOptions<ScheduleOptions>().BindConfiguration("Schedule").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ScheduleOptions>, ScheduleOptions.Validation>();
        builder.Services.AddSingleton<MonthlySlot>();
        foreach (var job in JobTable.Jobs) builder.Services.AddJob(job);
        builder.AddQuartzEngine(roles);
    }

    /// <summary>Lists a job, so that alarms by its name reach its type.</summary>
    public static void AddJob(this IServiceCollection services, JobEntry job)
    {
        services.AddSingleton(job);
        services.AddScoped(job.Type);
    }

    private static void AddQuartzEngine(this IHostApplicationBuilder builder, RoleOptions roles)
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
}
