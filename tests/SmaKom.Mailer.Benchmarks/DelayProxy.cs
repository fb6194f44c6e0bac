using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>
/// A far-away server: every byte, in either direction, arrives half a round trip after it was sent, and nothing else is slowed down.
/// </summary>
internal sealed class DelayProxy(int server, TimeSpan roundTrip) : LoopbackProxy(server)
{
    private readonly TimeSpan oneWay = roundTrip / 2;

    protected override Task AskAsync(NetworkStream client, NetworkStream server) => CarryAsync(client, server);

    protected override Task AnswerAsync(NetworkStream server, NetworkStream client) => CarryAsync(server, client);

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
