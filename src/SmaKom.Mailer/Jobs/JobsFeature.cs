using Hangfire;
using Hangfire.Common;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Jobs;

public static class JobsFeature
{
    public static void AddJobs(this IHostApplicationBuilder builder, RoleOptions roles, IEnumerable<JobEntry> table)
    {
        builder.Services.AddOptions<ScheduleOptions>().BindConfiguration("Schedule").ValidateOnStart();
        builder.Services.AddSingleton<RetentionLog>();
        builder.Services.AddSingleton<IValidateOptions<ScheduleOptions>, ScheduleOptions.Validation>();
        builder.Services.AddSingleton<MonthlySlot>();
        foreach (var job in table) builder.Services.AddJob(job);
        builder.AddRuns();
        builder.AddHangfire(roles);
    }

    /// <summary>Lists a job, so that runs by its name reach its type.</summary>
    public static void AddJob(this IServiceCollection services, JobEntry job)
    {
        services.AddSingleton(job);
        services.AddScoped(job.Type);
    }

    /// <summary>
    /// Hangfire by hand and not by its AddHangfire: a process may hold several hosts, as the tests do, and its configuration is static.
    /// </summary>
    private static void AddHangfire(this IHostApplicationBuilder builder, RoleOptions roles)
    {
        var options = builder.Configuration.GetSection("Schedule").Get<ScheduleOptions>() ?? new();
        var services = builder.Services;
        services.AddSingleton<JobStorage>(s => HangfireStore.Open(s.GetRequiredService<NpgsqlDataSource>(), options));
        services.AddSingleton<IForeignSchema, HangfireSchema>();
        services.AddSingleton<IJobFilterProvider, HangfireFilters>();
        services.AddSingleton<HangfireClients>();
        services.AddSingleton<IBackgroundJobClient>(s => s.GetRequiredService<HangfireClients>().Jobs);
        services.AddSingleton<IRecurringJobManager>(s => s.GetRequiredService<HangfireClients>().Recurring);
        services.AddSingleton<JobEngine>();
        services.AddScoped<HangfireRun>();
        if (!roles.Worker) return;
        services.AddHostedService<RecurringJobs>();
        services.AddHostedService<HangfireServer>();
    }

    /// <summary>Runs, their history and log lines, pauses, the workers' list.</summary>
    private static void AddRuns(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<JobPauses>();
        builder.Services.AddSingleton<JobHistory>();
        builder.Services.AddSingleton<JobRunner>();
        builder.Services.AddSingleton<ILoggerProvider, RunLog>();
        // A run's lines are kept whatever the console is set to; of libraries, what is wrong.
        builder.Logging.AddFilter<RunLog>(null, LogLevel.Warning);
        builder.Logging.AddFilter<RunLog>("SmaKom", LogLevel.Information);
        builder.Services.AddHostedService<WorkerHeartbeat>();
        builder.Services.AddSingleton<WorkerChecks>();
        builder.Services.AddSingleton<JobChecks>();
        builder.Services.AddSingleton<ICheck>(services => services.GetRequiredService<WorkerChecks>());
        builder.Services.AddSingleton<ICheck>(services => services.GetRequiredService<JobChecks>());
    }
}
