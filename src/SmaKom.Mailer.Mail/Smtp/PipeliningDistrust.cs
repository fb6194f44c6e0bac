using System.Collections.Concurrent;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// A relay that offers PIPELINING and then loses commands shows itself by a timeout. It is remembered for
/// <see cref="DistrustFor"/>, and spoken to one command at a time. Thread-safe.
/// </summary>
internal sealed class PipeliningDistrust(TimeProvider time)
{
    private static readonly TimeSpan DistrustFor = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, long> since = new(StringComparer.OrdinalIgnoreCase);

    public void Add(RelayEndpoint relay) => since[relay.Peer] = time.GetTimestamp();

    public bool Includes(RelayEndpoint relay) => since.TryGetValue(relay.Peer, out var at) && time.GetElapsedTime(at) < DistrustFor;
}
