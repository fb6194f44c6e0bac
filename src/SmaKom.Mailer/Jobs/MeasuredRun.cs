using System.Diagnostics;
using System.Diagnostics.Metrics;
using SmaKom.Mailer.Telemetry;

namespace SmaKom.Mailer.Jobs;

/// <summary>One run of a job as a span and in the metrics: how often, how long, how it ended.</summary>
internal sealed class MeasuredRun(string job) : IDisposable
{
    private static readonly Histogram<double> Duration = Instruments.Meter.CreateHistogram<double>(
        "smakom.job.duration", "s", "Runs of jobs, by job and how they ended",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600] });

    private readonly Activity? span = Instruments.Traces.StartActivity($"job {job}");
    private readonly long began = Stopwatch.GetTimestamp();

    public void Ended(JobRunState state)
    {
        var how = state.ToString().ToLowerInvariant();
        Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new("job", job), new("state", how));
        if (state == JobRunState.Failed) span?.SetStatus(ActivityStatusCode.Error);
        span?.SetTag("state", how);
    }

    public void Dispose() => span?.Dispose();
}
