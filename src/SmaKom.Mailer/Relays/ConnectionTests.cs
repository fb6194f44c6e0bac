using System.Collections.Concurrent;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;

namespace SmaKom.Mailer.Relays;

/// <param name="Works">All steps passed.</param>
/// <param name="Client">Which one tried, the relay's own.</param>
/// <param name="Speed">Null: it does not work.</param>
/// <param name="Steps">Empty: all of the relay's connections were in use, and nothing was tried.</param>
public sealed record RelayTestResult(DateTimeOffset At, bool Works, IReadOnlyList<ConnectionTestStep> Steps, SmtpClientKind Client,
    ConnectionSpeed? Speed);

/// <summary>Connection tests that a person asks for. The last of each relay is kept by this process, to be shown after the redirect.</summary>
public sealed class ConnectionTests(RelayDirectory directory, RelayPool pool, MailTransports transports, TimeProvider time)
{
    // A person waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<short, RelayTestResult> last = new();

    public RelayTestResult? Last(short relay) => last.GetValueOrDefault(relay);

    public void Forget(short relay) => last.TryRemove(relay, out _);

    /// <summary>
    /// Connects, encrypts, greets and logs in by the relay's own client; sends no letter. It is one of the connections that the relay allows.
    /// </summary>
    public async Task<RelayTestResult> RunAsync(Relay relay, CancellationToken ct)
    {
        using var slot = await pool.TakeAtOnceAsync(relay, Patience, ct);
        if (slot is null) return last[relay.Id] = new(time.GetUtcNow(), false, [], relay.Client, null);
        var endpoint = directory.Endpoint(relay) with
        {
            Timeouts = new SmtpTimeouts
            {
                Connect = Patience,
                Greeting = Patience,
                Tls = Patience,
                Command = Patience,
                Quit = TimeSpan.FromSeconds(1)
            },
        };
        var (steps, speed) = await ConnectionTest.RunAsync(transports[relay.Client], endpoint, time, ct);
        return last[relay.Id] = new(time.GetUtcNow(), speed is not null, steps, relay.Client, speed);
    }
}
