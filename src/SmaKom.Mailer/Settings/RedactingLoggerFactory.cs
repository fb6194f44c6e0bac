using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// Takes addresses, passwords and tokens out of whatever is logged together with an exception. That nobody logs them is a rule we can
/// keep in our own lines; what PostgreSQL, a relay or a library puts into an exception's message nobody can foresee. A line stays one line,
/// whatever stands in it: nobody can write another that looks like ours.
/// </summary>
public sealed class RedactingLoggerFactory : ILoggerFactory
{
    private readonly LoggerFactory inner;

    public RedactingLoggerFactory(IEnumerable<ILoggerProvider> providers, IOptionsMonitor<LoggerFilterOptions> filters,
        IOptions<LoggerFactoryOptions> options) =>
        inner = new(providers, filters, options);

    public static void Add(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, RedactingLoggerFactory>());

    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            if (exception is null) inner.Log(logLevel, eventId, state, null, (line, _) => Redaction.Visible(formatter(line, null)));
            else inner.Log(logLevel, eventId, CleanLine.Of(state, formatter(state, exception)), new RedactedException(exception),
                static (line, _) => line.Text);
        }
    }

    /// <summary>A line that was logged with an exception: some libraries write the exception into the line as well.</summary>
    private sealed class CleanLine(string text, IEnumerable<KeyValuePair<string, object?>> facts) : List<KeyValuePair<string, object?>>(facts)
    {
        public string Text => text;

        public static CleanLine Of(object? state, string text) => new(
            Redaction.Visible(Redaction.Clean(text)),
            (state as IEnumerable<KeyValuePair<string, object?>> ?? [])
                .Select(fact => KeyValuePair.Create<string, object?>(fact.Key,
                    fact.Value is string or Exception or Uri ? Redaction.Clean($"{fact.Value}") : fact.Value)));

        public override string ToString() => text;
    }
}

/// <summary>An exception as it may be kept and shown.</summary>
public sealed class RedactedException(Exception thrown) : Exception(Redaction.Visible(Redaction.Clean(thrown.Message)))
{
    /// <summary>The type of what was thrown.</summary>
    public Type Kind { get; } = thrown.GetType();

    public override string? StackTrace { get; } = thrown.StackTrace;

    /// <summary>The lines of the stack are kept; those that a message brings along are not.</summary>
    public override string ToString()
    {
        var text = thrown.ToString();
        for (var e = thrown; e is not null; e = e.InnerException)
            if (e.Message != "") text = text.Replace(e.Message, Redaction.Visible(e.Message), StringComparison.Ordinal);
        return Redaction.Visible(Redaction.Clean(text), keepLines: true);
    }
}
