namespace SmaKom.Mailer.Mail.Smtp.Pipelined;

/// <summary>Our own SMTP client. One instance serves a whole process; thread-safe.</summary>
public sealed class PipelinedTransport(TimeProvider? timeProvider = null) : IMailTransport
{
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;
    private readonly PipeliningDistrust distrust = new(timeProvider ?? TimeProvider.System);

    public async Task<IMailConnection> ConnectAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct) =>
        new PipelinedConnection(this, relay, await OpenAsync(relay, onStep, ct), time);

    internal async Task<PipelinedSession> OpenAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        var wire = new SmtpWire(await RelaySocket.ConnectAsync(relay, time, ct), relay.Peer, time);
        try
        {
            using var cancellation = wire.AbortOn(ct);
            var opening = new SmtpOpening(wire, relay, time, onStep);
            var offers = await opening.RunAsync();
            var pipelining = relay.UsePipelining && offers.Pipelining && !distrust.Includes(relay);
            return new PipelinedSession(wire, offers, pipelining, relay.UseChunking && offers.Chunking);
        }
        catch (RelayException e) when (SilentGreeting.Is(relay, e, time.GetElapsedTime(since)))
        {
            await wire.DisposeAsync();
            throw await SilentGreeting.ExplainAsync(relay, e, time, ct);
        }
        catch
        {
            await wire.DisposeAsync();
            throw;
        }
    }

    internal void Distrust(RelayEndpoint relay) => distrust.Add(relay);
}
