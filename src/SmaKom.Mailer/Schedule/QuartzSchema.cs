using Npgsql;
using Quartz;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Schedule;

/// <summary>Quartz makes its tables when a scheduler is built: one is built on the owner's connections, and never started.</summary>
internal sealed class QuartzSchema : IForeignSchema
{
    public async Task CreateAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(owner);
        services.AddQuartz(quartz => QuartzStore.Use(quartz, new ScheduleOptions(), provision: true));
        await using var provider = services.BuildServiceProvider();
        var scheduler = await provider.GetRequiredService<ISchedulerFactory>().GetScheduler(ct);
        await scheduler.Shutdown(waitForJobsToComplete: false, ct);
    }
}

/// <summary>Quartz's clustered store in our PostgreSQL.</summary>
internal static class QuartzStore
{
    /// <param name="quartz">Reads the data source from its services.</param>
    /// <param name="provision">Makes tables that are missing; otherwise only looks whether they are there.</param>
    public static void Use(IQuartzBuilder quartz, ScheduleOptions options, bool provision) => quartz.UsePersistentStore(store =>
    {
        store.ConfigureStore(ado =>
        {
            ado.TablePrefix = "qrtz_";
            ado.StoreJobDataAsStrings = true;
            ado.DbRetryInterval = options.PollInterval;
            ado.SchemaProvisioning = provision ? SchemaProvisioning.CreateIfMissing : SchemaProvisioning.Validate;
        });
        store.UsePostgres(source => source.DataSourceFactory = services => services.GetRequiredService<NpgsqlDataSource>());
        store.UseSystemTextJsonSerializer();
        store.UseClustering(cluster =>
        {
            cluster.CheckinInterval = options.CheckInInterval;
            cluster.CheckinMisfireThreshold = options.CheckInInterval;
        });
    });
}
