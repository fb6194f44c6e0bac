using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Stands between a client and a server; when armed, requests still arrive, but the next reply is lost with its connection.</summary>
public sealed class LossyProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int server;
    private volatile bool armed;

    public LossyProxy(int server)
    {
        this.server = server;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Loses the next reply.</summary>
    public void Arm() => armed = true;

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
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), BackAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
        }
    }

    private async Task BackAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[65536];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            if (armed)
            {
                armed = false;
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
