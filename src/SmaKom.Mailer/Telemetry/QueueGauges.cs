using System.Diagnostics.Metrics;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Telemetry;

/// <summary>How much waits and for how long: read from the rows when an export asks, so that every process tells the same.</summary>
internal sealed class QueueGauges(NpgsqlDataSource source) : IDisposable
{
    private readonly Meter meter = new(Instruments.Name);

    public void Start()
    {
        meter.CreateObservableGauge("smakom.queue.waiting",
            () => Read("SELECT count(*)::float8 FROM delivery AS d JOIN issue AS i ON i.id = d.issue_id AND i.state = 'sending' WHERE d.state IN ('waiting', 'deferred', 'sending')"),
            "{delivery}", "Deliveries of sending issues that are not final");
        meter.CreateObservableGauge("smakom.queue.age", () => Read(AgeOfOldest), "s",
            "How long the oldest free slice of a sending issue has been due");
    }

    public void Dispose() => meter.Dispose();

    internal const string AgeOfOldest =
        """
        SELECT COALESCE(EXTRACT(epoch FROM now() - min(s.due_at)), 0)::float8
        FROM slice AS s
        JOIN issue AS i ON i.id = s.issue_id AND i.state = 'sending'
        WHERE s.claim_id IS NULL AND s.due_at <= now()
        """;

    private IEnumerable<Measurement<double>> Read(string sql)
    {
        // An observer is asked on the exporter's own thread and has no asynchronous form.
        try
        {
            using var command = source.CreateCommand(sql);
            command.CommandTimeout = 5;
            return [new((double)command.ExecuteScalar()!)];
        }
        catch (Exception e) when (DatabaseFailure.Is(e) || e is ObjectDisposedException)
        {
            return [];
        }
    }
}
