using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Smtp.Receiver;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>
/// Listens for mail on Kestrel's sockets. Not as one of Kestrel's endpoints: naming one there would make it forget the addresses
/// that the web pages are told to listen on.
/// </summary>
public sealed class SmtpListener(ILoggerFactory loggers)
{
    private IConnectionListener? listener;

    /// <summary>The port it listens on; 0 before it does.</summary>
    public int Port => (listener?.EndPoint as IPEndPoint)?.Port ?? 0;

    /// <exception cref="AddressInUseException">The port is taken.</exception>
    public async Task BindAsync(IPEndPoint at, CancellationToken ct) =>
        listener = await new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers).BindAsync(at, ct);

    /// <summary>Serves each connection until <paramref name="stopping"/>, and ends those that are open with 421 then.</summary>
    public async Task ServeAsync(SmtpReceiver receiver, CancellationToken stopping)
    {
        var sessions = new ConcurrentDictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            while (await listener!.AcceptAsync(stopping) is { } connection)
            {
                var id = connection.ConnectionId;
                sessions[id] = Task.Run(async () =>
                {
                    await ServeAsync(receiver, connection, stopping);
                    sessions.TryRemove(id, out _);
                }, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(sessions.Values);
        await listener!.DisposeAsync();
    }

    private static async Task ServeAsync(SmtpReceiver receiver, ConnectionContext connection, CancellationToken ct)
    {
        await using (connection)
            await receiver.RunAsync(connection.Transport, connection.RemoteEndPoint, ct);
    }
}
