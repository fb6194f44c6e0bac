using SmaKom.Mailer.Mail.Smtp.Pipelined;

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

/// <summary>Tries a relay without sending a letter, for the page and the command that ask "does it work?".</summary>
public static class ConnectionTest
{
    /// <returns>The steps that were reached; the last one failed, or is <see cref="ConnectionTestStage.Noop"/>.</returns>
    public static async Task<IReadOnlyList<ConnectionTestStep>> RunAsync(
        RelayEndpoint relay, TimeProvider? timeProvider = null, CancellationToken ct = default)
    {
        var time = timeProvider ?? TimeProvider.System;
        var steps = new List<ConnectionTestStep>();
        var since = time.GetTimestamp();
        try
        {
            var session = await new PipelinedTransport(time).OpenAsync(relay, (stage, detail) => Note(stage, true, detail), ct);
            await using var wire = session.Wire;
            using var cancellation = wire.AbortOn(ct);
            var reply = await wire.AskAsync("NOOP", "NOOP", relay.Timeouts.Command);
            Note(ConnectionTestStage.Noop, reply.Code == 250, reply.ToString());
            await wire.AskAsync("QUIT", "QUIT", relay.Timeouts.Quit);
        }
        catch (RelayException e) when (e.Stage != "QUIT")
        {
            Note(StageOf(e), false, e.Message);
        }
        catch (RelayException)
        {
            // All that was asked for has been seen; the goodbye decides nothing.
        }
        return steps;

        void Note(ConnectionTestStage stage, bool passed, string detail)
        {
            steps.Add(new(stage, passed, detail, time.GetElapsedTime(since)));
            since = time.GetTimestamp();
        }
    }

    private static ConnectionTestStage StageOf(RelayException e) => e switch
    {
        { Kind: RelayFailure.Tls } => ConnectionTestStage.Tls,
        { Kind: RelayFailure.Authentication } => ConnectionTestStage.Authentication,
        { Stage: "connect" or "greeting" } => ConnectionTestStage.Connect,
        { Stage: "TLS" or "STARTTLS" } => ConnectionTestStage.Tls,
        { Stage: "AUTH" } => ConnectionTestStage.Authentication,
        { Stage: "NOOP" } => ConnectionTestStage.Noop,
        _ => ConnectionTestStage.Hello,
    };
}
