using Microsoft.Extensions.Options;
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
        builder.AddJobEngine(roles);
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
}
