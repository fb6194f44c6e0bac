using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>A job that rings a <see cref="Bell"/>, which all nodes of a test share.</summary>
internal sealed class Ring(Bell bell, IConfiguration node) : IJob
{
    public Task RunAsync(string? key, CancellationToken ct) => bell.RingAsync(key, node["Roles"]);
}

/// <summary>Hears the keys of all planned runs, in order.</summary>
internal sealed class Bell
{
    /// <summary>How long a test waits for what must come, before it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Channel<string?> rings = Channel.CreateUnbounded<string?>();
    private Hold? hold;
    private int failures;

    public async Task<string?> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await rings.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>The next run stands still inside the job, and does not ring, until it is released.</summary>
    public Hold HoldNext() => hold = new();

    public void FailNext() => failures = 1;

    /// <summary>Roles of the nodes that rang it.</summary>
    public ConcurrentBag<string?> Ringers { get; } = [];

    public async Task RingAsync(string? key, string? roles)
    {
        Ringers.Add(roles);
        if (Interlocked.Exchange(ref failures, 0) > 0) throw new InvalidOperationException("The bell has no clapper.");
        if (Interlocked.Exchange(ref hold, null) is { } held)
            await held.StandStillAsync();
        else
            await rings.Writer.WriteAsync(key);
    }

    internal sealed class Hold
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => entered.Task;

        public void Release() => released.SetResult();

        internal Task StandStillAsync()
        {
            entered.SetResult();
            return released.Task;
        }
    }
}

/// <summary>A clock that shows what a test sets, while timers run on.</summary>
internal sealed class SettableTime(DateTimeOffset now) : TimeProvider
{
    private long ticks = now.UtcTicks;

    public void Set(DateTimeOffset to) => Interlocked.Exchange(ref ticks, to.UtcTicks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);
}

/// <summary>Hears the errors that a host logs.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly Channel<string> errors = Channel.CreateUnbounded<string>();

    public async Task<string> ErrorAsync()
    {
        using var timeout = new CancellationTokenSource(Bell.Patience);
        return await errors.Reader.ReadAsync(timeout.Token);
    }

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) errors.Writer.TryWrite(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
