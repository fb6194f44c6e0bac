using Microsoft.Extensions.Options;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Dispatch;

/// <summary>The worker: one recorder, one feed, one sender per connection. At SIGTERM letters in flight end and the rest is given back.</summary>
public sealed partial class Dispatcher(
    Recorder recorder, DeliveryFeed feed, WorkSignal signal, RelayPool relays, BackgroundLoops loops, IServiceProvider services,
    IOptions<DispatchOptions> options, ILogger<Dispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var abort = new CancellationTokenSource();
        using var end = new CancellationTokenSource();
        // These go on while letters in flight end.
        Task[] serving =
        [
            loops.RunAsync("recorder", recorder.RunAsync, end.Token), loops.RunAsync("leases", feed.KeepLeasesAsync, end.Token),
            loops.RunAsync("signal", signal.ListenAsync, end.Token),
        ];
        var feeding = loops.RunAsync("feed", feed.RunAsync, stoppingToken);
        var senders = new List<Task>();
        await loops.RunAsync("senders", stopping => KeepSendersAsync(senders, stopping, abort.Token), stoppingToken);
        abort.CancelAfter(options.Value.DrainTimeout);
        Log.Draining(logger);
        // A little longer than the letters may take; without a database the outcomes cannot be committed, and waiting on does not help.
        await DrainAsync([feeding, .. senders]).WaitAsync(options.Value.DrainTimeout + TimeSpan.FromSeconds(5), CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync();
        await Task.WhenAll(serving);
    }

    private async Task DrainAsync(IEnumerable<Task> working)
    {
        // Whatever a sender ended of, the slices are given back.
        await Task.WhenAll(working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await feed.GiveBackAllAsync();
        await recorder.FlushAsync();
    }

    /// <summary>
    /// Opens a sender for every connection that the relays allow, also when they allow more later, until <paramref name="stopping"/>.
    /// </summary>
    private async Task KeepSendersAsync(List<Task> senders, CancellationToken stopping, CancellationToken abort)
    {
        while (!stopping.IsCancellationRequested)
        {
            var changed = signal.Next;
            foreach (var sender in senders.Where(sender => sender.IsFaulted)) Log.SenderEnded(logger, sender.Exception!);
            senders.RemoveAll(sender => sender.IsCompleted);
            while (senders.Count < relays.Slots)
                senders.Add(Task.Run(() => ActivatorUtilities.CreateInstance<DeliverySender>(services).RunAsync(stopping, abort),
                    CancellationToken.None));
            await Task.WhenAny(changed, Task.Delay(options.Value.PollInterval, stopping));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Stopping: letters in flight end, the rest is given back")]
        public static partial void Draining(ILogger logger);

        [LoggerMessage(2, LogLevel.Error, "A sender stopped on an unexpected error; another is started in its place")]
        public static partial void SenderEnded(ILogger logger, Exception exception);
    }
}
