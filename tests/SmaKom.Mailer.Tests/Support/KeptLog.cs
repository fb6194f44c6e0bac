using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Keeps every line that is logged, with its scopes, whatever the level.</summary>
public sealed class KeptLog : ILoggerProvider, ILogger, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes.Push(state);
    public bool IsEnabled(LogLevel logLevel) => true;
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{formatter(state, exception)} {exception}");
        scopes.ForEachScope((scope, lines) =>
            lines.Enqueue(scope is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : $"{scope}"), Lines);
    }

    public void Dispose()
    {
    }
}
