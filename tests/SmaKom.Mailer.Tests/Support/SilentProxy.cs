using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>From a moment on, requests still arrive and no reply comes back: a server that hangs.</summary>
public sealed class SilentProxy(int server) : LoopbackProxy(server)
{
    private volatile bool silent;

    public void FallSilent() => silent = true;

    protected override Task AskAsync(NetworkStream client, NetworkStream server) => client.CopyToAsync(server);

    protected override async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[65536];
        while (await server.ReadAsync(buffer) is > 0 and var read)
            if (!silent) await client.WriteAsync(buffer.AsMemory(0, read));
    }
}
