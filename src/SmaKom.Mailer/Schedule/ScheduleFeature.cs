using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
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
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(ado =>
                {
                    ado.TablePrefix = "qrtz_";
                    ado.StoreJobDataAsStrings = true;
                    ado.DbRetryInterval = options.PollInterval;
                });
                store.UsePostgres(source => source.DataSourceFactory = services => services.GetRequiredService<NpgsqlDataSource>());
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = options.CheckInInterval;
                    cluster.CheckinMisfireThreshold = options.CheckInInterval;
                });
            });
        });
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
