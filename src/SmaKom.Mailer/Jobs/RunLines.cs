using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Jobs;

/// <summary>
/// The log lines of the run that the current flow of work belongs to. Lines are capped, and cleaned of what must not be kept.
/// </summary>
public sealed class RunLines : IDisposable
{
    private const int MostLines = 200;
    private const int LongestLine = 1000;
    private static readonly AsyncLocal<RunLines?> Flow = new();
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private int left;
    private bool ended;

    public static RunLines? Current => Flow.Value;

    public static RunLines Begin() => Flow.Value = new();

    public void Add(string line)
    {
        lock (gate)
        {
            // What a run has started and not waited for may still log when the run is over.
            if (ended) return;
            if (lines.Count == MostLines) left++;
            else lines.Add(Redaction.Clean(UnicodeText.Shorten(line, LongestLine)));
        }
    }

    /// <summary>All lines; a last one says how many more there were.</summary>
    public string[] Take()
    {
        lock (gate)
        {
            ended = true;
            return left == 0 ? [.. lines] : [.. lines, $"… +{left}"];
        }
    }

    public void Dispose() => Flow.Value = null;
}

/// <summary>Adds what is logged inside a run to its <see cref="RunLines"/>.</summary>
[ProviderAlias("JobRuns")]
public sealed class RunLog(TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName[(categoryName.LastIndexOf('.') + 1)..], time);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && RunLines.Current is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                RunLines.Current?.Add(
                    $"{time.GetUtcNow():HH:mm:ss.fff} {Word(logLevel)} {category}: {formatter(state, exception)}{(exception is null ? "" : $" ({((exception as RedactedException)?.Kind ?? exception.GetType()).Name})")}");
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
