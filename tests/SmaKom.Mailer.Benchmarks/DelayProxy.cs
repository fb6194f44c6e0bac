using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>A far-away server: every byte, in either direction, arrives half a round trip after it was sent, and nothing else is slowed down.</summary>
internal sealed class DelayProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int server;
    private readonly TimeSpan oneWay;

    public DelayProxy(int server, TimeSpan roundTrip)
    {
        (this.server, oneWay) = (server, roundTrip / 2);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        await far.ConnectAsync(IPAddress.Loopback, server);
        await Task.WhenAny(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateUnbounded<(byte[] Bytes, long Sent)>();
        var arriving = ArriveAsync(underWay.Reader, to);
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
                underWay.Writer.TryWrite((buffer[..read], Stopwatch.GetTimestamp()));
        }
        catch (IOException)
        {
            // Hung up.
        }

        underWay.Writer.Complete();
        await arriving;
    }

    private async Task ArriveAsync(ChannelReader<(byte[] Bytes, long Sent)> underWay, NetworkStream to)
    {
        try
        {
            await foreach (var (bytes, sent) in underWay.ReadAllAsync())
            {
                if (oneWay - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } left) await Task.Delay(left);
                await to.WriteAsync(bytes);
            }
        }
        catch (IOException)
        {
            // Nobody is there any more.
        }
    }
}
