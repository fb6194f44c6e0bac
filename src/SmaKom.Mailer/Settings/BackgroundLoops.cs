using System.Collections.Concurrent;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// The loops that run for as long as this process: what records, claims, renews leases, sends notices, checks in. One that ends without
/// having been told to ends the process, whose service manager starts another: a process that lives on without it would look well,
/// and nothing would be sent.
/// </summary>
public sealed partial class BackgroundLoops(IHostApplicationLifetime host, ILogger<BackgroundLoops> logger)
{
    private readonly ConcurrentDictionary<string, bool> started = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> ended = new();

    /// <summary>Names of all that have been started here.</summary>
    public IReadOnlyCollection<string> Started => [.. started.Keys];

    /// <summary>Names of those that have ended without having been told to, in that order.</summary>
    public IReadOnlyList<string> Ended => [.. ended];

    /// <summary>Runs a loop until <paramref name="stopping"/>. Never throws.</summary>
    /// <param name="name">For the log, <c>doctor</c> and <c>/admin</c>: one plain word.</param>
    public async Task RunAsync(string name, Func<CancellationToken, Task> loop, CancellationToken stopping)
    {
        started[name] = true;
        Exception? reason = null;
        try
        {
            await loop(stopping);
        }
        catch (Exception e)
        {
            reason = e;
        }

        if (!stopping.IsCancellationRequested) End(name, reason);
        else if (reason is not (null or OperationCanceledException)) Log.FailedAtStop(logger, name, reason);
    }

    private void End(string name, Exception? reason)
    {
        ended.Enqueue(name);
        Log.Ended(logger, name, reason);
        host.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical,
            "The loop {Loop} has ended without having been told to. This process stops, so that another can take over: letters in flight end, the rest is given back")]
        public static partial void Ended(ILogger logger, string loop, Exception? exception);

        [LoggerMessage(2, LogLevel.Error, "The loop {Loop} failed while this process was stopping")]
        public static partial void FailedAtStop(ILogger logger, string loop, Exception exception);
    }
}
