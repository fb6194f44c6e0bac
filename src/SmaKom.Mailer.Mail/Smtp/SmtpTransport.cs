using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Our own SMTP client. One instance serves a whole process; thread-safe.</summary>
public sealed class SmtpTransport(TimeProvider? timeProvider = null) : IMailTransport
{
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;
    private readonly PipeliningDistrust distrust = new(timeProvider ?? TimeProvider.System);

    public async Task<IMailConnection> ConnectAsync(RelayEndpoint relay, CancellationToken ct) =>
        new SmtpConnection(this, relay, await OpenAsync(relay, null, ct), time);

    /// <summary>Connects, encrypts, greets and authenticates.</summary>
    /// <param name="onStep">Told of each step that succeeded, with a fact about it.</param>
    internal async Task<SmtpSession> OpenAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct)
    {
        var wire = new SmtpWire(await ConnectSocketAsync(relay, time, ct), relay.Peer, time);
        try
        {
            using var cancellation = wire.AbortOn(ct);
            var opening = new SmtpOpening(wire, relay, time, onStep);
            var offers = await opening.RunAsync();
            var pipelining = relay.UsePipelining && offers.Pipelining && !distrust.Includes(relay);
            return new SmtpSession(wire, offers, pipelining, relay.UseChunking && offers.Chunking);
        }
        catch
        {
            await wire.DisposeAsync();
            throw;
        }
    }

    internal void Distrust(RelayEndpoint relay) => distrust.Add(relay);

    internal static async Task<Socket> ConnectSocketAsync(RelayEndpoint relay, TimeProvider time, CancellationToken ct)
    {
        const string stage = "connect";
        // Without NoDelay, Nagle's algorithm and delayed ACKs cost 40 ms a letter.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var timeout = new CancellationTokenSource(relay.Timeouts.Connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            if (IPAddress.TryParse(relay.Host, out var address))
                await socket.ConnectAsync(address, relay.Port, either.Token);
            else
                await socket.ConnectAsync(relay.Host, relay.Port, either.Token);
            return socket;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            socket.Dispose();
            throw new RelayException(RelayFailure.Unreachable, $"{relay.Peer} did not accept a connection within {relay.Timeouts.Connect.TotalSeconds:0.#} s", stage);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RelayException(RelayFailure.Unreachable, $"No connection to {relay.Peer}: {e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "nothing answers on that port",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
                _ => e.Message,
            }}", stage, null, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
