using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Demo;

/// <summary>
/// Listens for mail on Kestrel's sockets. Not as one of Kestrel's endpoints: naming one there would make it forget the addresses
/// that the web pages are told to listen on.
/// </summary>
public sealed class InboxServer(InboxStore store, IOptions<InboxOptions> options, BackgroundLoops loops, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, bool> putOff = new(StringComparer.OrdinalIgnoreCase);
    private IConnectionListener? listener;

    /// <summary>The port it listens on; 0 before it does.</summary>
    public int Port => (listener?.EndPoint as IPEndPoint)?.Port ?? 0;

    /// <exception cref="ConfigurationException">The port is taken.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        try
        {
            listener = await sockets.BindAsync(new IPEndPoint(IPAddress.Loopback, options.Value.Port), cancellationToken);
        }
        catch (AddressInUseException e)
        {
            throw new ConfigurationException(SettingWords.Say("Inbox.Taken", options.Value.Port), e);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("inbox server", ListenAsync, stoppingToken);

    private async Task ListenAsync(CancellationToken stopping)
    {
        var receiver = new SmtpReceiver(store, new SmtpReceiverOptions { HostName = "inkorg.example", MaxRecipients = 100 }, Policy, time);
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

    private SmtpReply? Policy(Envelope envelope)
    {
        var domain = envelope.Recipient[(envelope.Recipient.LastIndexOf('@') + 1)..];
        if (options.Value.RefusedDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            return new(550, new EnhancedCode(5, 1, 1), "No such person here");
        if (options.Value.DeferredDomains.Contains(domain, StringComparer.OrdinalIgnoreCase) && putOff.TryAdd(envelope.Recipient, true))
            return new(451, new EnhancedCode(4, 7, 1), "Greylisted, come back later");
        return null;
    }
}
