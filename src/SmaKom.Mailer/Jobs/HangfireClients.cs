using Hangfire;
using Hangfire.Common;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// Hangfire's clients with this host's filters, for us and for the dashboard, which asks for these factories and else takes static ones.
/// </summary>
public sealed class HangfireClients(JobStorage storage, IJobFilterProvider filters)
    : IBackgroundJobClientFactory, IBackgroundJobClientFactoryV2, IRecurringJobManagerFactory, IRecurringJobManagerFactoryV2
{
    public IBackgroundJobClientV2 Jobs { get; } = new BackgroundJobClient(storage, filters);

    public IRecurringJobManagerV2 Recurring { get; } = new RecurringJobManager(storage, filters);

    public IBackgroundJobClient GetClient(JobStorage storage) => Jobs;

    public IBackgroundJobClientV2 GetClientV2(JobStorage storage) => Jobs;

    public IRecurringJobManager GetManager(JobStorage storage) => Recurring;

    public IRecurringJobManagerV2 GetManagerV2(JobStorage storage) => Recurring;
}
