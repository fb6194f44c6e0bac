namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>The steps of a connection test, in order.</summary>
public enum ConnectionTestStage
{
    Connect,
    Tls,
    Hello,
    Authentication,
    Noop,
}

/// <param name="Detail">Plain words: what was learned, or what went wrong. No secrets.</param>
/// <param name="Took">Since the end of the step before.</param>
public sealed record ConnectionTestStep(ConnectionTestStage Stage, bool Passed, string Detail, TimeSpan Took);

/// <param name="Steps">Those that were reached; the last one failed, or is <see cref="ConnectionTestStage.Noop"/>.</param>
/// <param name="Speed">Null: a step failed.</param>
public sealed record ConnectionTestResult(IReadOnlyList<ConnectionTestStep> Steps, ConnectionSpeed? Speed);

/// <summary>
/// Tries a relay without sending a letter, for the page and the command that ask "does it work?". It opens the connection
/// by the very call that sending makes, so that it accepts and refuses what sending does.
/// </summary>
public static class ConnectionTest
{
    private const int Measurements = 3;

    public static async Task<ConnectionTestResult> RunAsync(
        IMailTransport transport, RelayEndpoint relay, TimeProvider? timeProvider = null, CancellationToken ct = default)
    {
        var time = timeProvider ?? TimeProvider.System;
        var steps = new List<ConnectionTestStep>();
        var since = time.GetTimestamp();
        ConnectionSpeed? speed = null;
        try
        {
            await using var connection = await transport.ConnectAsync(relay, (stage, detail) => Note(stage, true, detail), ct);
            var (reply, roundTrip) = await AskAsync(connection);
            Note(ConnectionTestStage.Noop, reply.Code == 250, reply.ToString());
            if (reply.Code != 250)
                return new(steps, null);
            speed = new(roundTrip, connection.Pipelining, connection.Chunking);
            // The first one also pays for what is done for the first time.
            for (var i = 1; i < Measurements; i++)
                if (await AskAsync(connection) is { Reply.Code: 250, RoundTrip: var next } && next < speed.RoundTrip)
                    speed = speed with { RoundTrip = next };
        }
        catch (RelayException) when (speed is not null)
        {
            // All that was asked for has been seen; that it tires of the question decides nothing.
        }
        catch (RelayException e)
        {
            Note(StageOf(e), false, e.Message);
        }
        return new(steps, speed);

        void Note(ConnectionTestStage stage, bool passed, string detail)
        {
            steps.Add(new(stage, passed, detail, time.GetElapsedTime(since)));
            since = time.GetTimestamp();
        }

        async Task<(SmtpReply Reply, TimeSpan RoundTrip)> AskAsync(IMailConnection connection)
        {
            var asked = time.GetTimestamp();
            return (await connection.NoopAsync(ct), time.GetElapsedTime(asked));
        }
    }

    private static ConnectionTestStage StageOf(RelayException e) => e switch
    {
        { Kind: RelayFailure.Tls or RelayFailure.TlsNotOffered or RelayFailure.TlsFromStart or RelayFailure.TlsAfterGreeting or RelayFailure.TlsTooOld } => ConnectionTestStage.Tls,
        { Kind: RelayFailure.Authentication } => ConnectionTestStage.Authentication,
        { Stage: "connect" or "greeting" } => ConnectionTestStage.Connect,
        { Stage: "TLS" or "STARTTLS" } => ConnectionTestStage.Tls,
        { Stage: "AUTH" } => ConnectionTestStage.Authentication,
        { Stage: "NOOP" } => ConnectionTestStage.Noop,
        _ => ConnectionTestStage.Hello,
    };
}
