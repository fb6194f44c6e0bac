using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SmaKom.Mailer.Telemetry;

/// <summary>
/// The one meter and the one source of traces. Features make their instruments from it, beside what they measure; while nobody
/// listens an instrument costs one look at a field. Tags are ids, states and names of jobs, never anything personal.
/// </summary>
internal static class Instruments
{
    public const string Name = "SmaKom.Mailer";

    public static readonly Meter Meter = new(Name);
    public static readonly ActivitySource Traces = new(Name);

    /// <summary>
    /// A trace of its own, whatever the caller is in the middle of, and whoever comes after it: for work that outlives the method that began it.
    /// </summary>
    public static Activity? StartApart(string name)
    {
        if (!Traces.HasListeners()) return null;
        var around = Activity.Current;
        Activity.Current = null;
        var started = Traces.StartActivity(name);
        Activity.Current = around;
        return started;
    }
}
