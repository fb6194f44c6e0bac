using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Stands between clients and a server on this machine; what becomes of the bytes is for the heir to say.</summary>
public abstract class LoopbackProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int server;

    /// <param name="server">The server's port.</param>
    protected LoopbackProxy(int server)
    {
        this.server = server;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Takes no more connections.</summary>
    public void Dispose()
    {
        listener.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>From the client to the server; both connections end when this or <see cref="AnswerAsync"/> does.</summary>
    protected abstract Task AskAsync(NetworkStream client, NetworkStream server);

    /// <summary>From the server to the client.</summary>
    protected abstract Task AnswerAsync(NetworkStream server, NetworkStream client);

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
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server);
            await Task.WhenAny(AskAsync(near.GetStream(), far.GetStream()), AnswerAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // One of the two has gone.
        }
    }
}
