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
        builder.AddRuns();
        builder.AddQuartzEngine(roles);
    }

    /// <summary>Lists a job, so that alarms by its name reach its type.</summary>
    public static void AddJob(this IServiceCollection services, JobEntry job)
    {
        services.AddSingleton(job);
        services.AddScoped(job.Type);
    }

    /// <summary>What holds on every engine: runs, their history and log lines, pauses, the workers' list.</summary>
    private static void AddRuns(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<JobPauses>();
        builder.Services.AddSingleton<JobHistory>();
        builder.Services.AddSingleton<JobRunner>();
        builder.Services.AddSingleton<ILoggerProvider, RunLog>();
        // A run's lines are kept whatever the console is set to; of libraries, what is wrong.
        builder.Logging.AddFilter<RunLog>(null, LogLevel.Warning);
        builder.Logging.AddFilter<RunLog>("SmaKom", LogLevel.Information);
        builder.Services.AddHostedService<WorkerBeat>();
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
