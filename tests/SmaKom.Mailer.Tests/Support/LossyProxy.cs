using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>When armed, requests still arrive, but the next reply is lost with its connection.</summary>
public sealed class LossyProxy(int server) : LoopbackProxy(server)
{
    private volatile bool armed;

    /// <summary>Loses the next reply.</summary>
    public void Arm() => armed = true;

    protected override Task AskAsync(NetworkStream client, NetworkStream server) => client.CopyToAsync(server);

    protected override async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[65536];
        while (await server.ReadAsync(buffer) is > 0 and var read)
        {
            if (armed)
            {
                armed = false;
                return;
            }

            await client.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
