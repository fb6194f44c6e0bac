using System.Diagnostics.Metrics;
using SmaKom.Mailer.Telemetry;

namespace SmaKom.Mailer.Deliveries;

/// <summary>
/// What a worker measures of deliveries. On the way of each letter, so nothing is allocated here: names of states and relays are
/// boxed once.
/// </summary>
internal static class DeliveryMetrics
{
    private static readonly Counter<long> Outcomes = Instruments.Meter.CreateCounter<long>(
        "smakom.deliveries", "{delivery}", "Outcomes committed, by state");
    private static readonly Histogram<double> Transaction = Instruments.Meter.CreateHistogram<double>(
        "smakom.smtp.transaction.duration", "s", "From MAIL FROM to the reply to the final dot, by relay; the commit of the intent lies in between",
        advice: new() { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60] });
    private static readonly Histogram<int> Batch = Instruments.Meter.CreateHistogram<int>(
        "smakom.recorder.batch", "{row}", "Intents and outcomes that shared one commit",
        advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
    private static readonly Counter<long> Claims = Instruments.Meter.CreateCounter<long>("smakom.claims", "{slice}", "Slices claimed");
    private static readonly Counter<long> Claimed =
        Instruments.Meter.CreateCounter<long>("smakom.claimed", "{delivery}", "Deliveries in the slices that were claimed");

    private static readonly KeyValuePair<string, object?>[] States =
        [.. Enum.GetValues<DeliveryState>().Order().Select(state => new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()))];
    private static readonly object[] Relays = [.. Enumerable.Range(0, 64).Select(id => (object)id)];

    public static void Committed(List<Outcome> outcomes, int intents)
    {
        if (Batch.Enabled) Batch.Record(outcomes.Count + intents);
        if (!Outcomes.Enabled) return;
        foreach (var outcome in outcomes) Outcomes.Add(1, States[(int)outcome.State]);
    }

    public static void Sent(short relay, TimeSpan took)
    {
        if (Transaction.Enabled)
            Transaction.Record(took.TotalSeconds, new KeyValuePair<string, object?>("relay", (ushort)relay < Relays.Length ? Relays[relay] : relay));
    }

    public static void SliceClaimed(int deliveries)
    {
        Claims.Add(1);
        Claimed.Add(deliveries);
    }
}
