using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>The connection below any client.</summary>
internal static class RelaySocket
{
    /// <summary>How long a relay is given to end its side of a connection that we have ended without QUIT.</summary>
    private static readonly TimeSpan LongestHangUp = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Ends our side and waits until the relay has ended its own: only then does it count one connection less, and another may be opened
    /// under its limit. Never throws for a connection that is lost.
    /// </summary>
    /// <param name="read">The next octets; 0 at the end.</param>
    public static async ValueTask HangUpAsync(Socket socket, Func<ValueTask<int>> read)
    {
        using var patience = new CancellationTokenSource(LongestHangUp);
        // A read that is under way has no token of ours: closing the socket ends it.
        await using var closing = patience.Token.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            while (await read() > 0)
            {
                // What it still had to say.
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It is closed, or will be now.
        }
    }

    /// <exception cref="RelayException">No address, or no connection in time.</exception>
    public static async Task<Socket> ConnectAsync(RelayEndpoint relay, TimeProvider time, CancellationToken ct)
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
            throw new RelayException(RelayFailure.Unreachable,
                $"{relay.Peer} did not accept a connection within {relay.Timeouts.Connect.TotalSeconds:0.#} s", stage);
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
