using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Demo;

/// <summary>The built-in inbox's end of SMTP.</summary>
public sealed class InboxServer(InboxStore store, IOptions<InboxOptions> options, BackgroundLoops loops, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, bool> putOff = new(StringComparer.OrdinalIgnoreCase);
    private readonly SmtpListener listener = new(loggers);

    /// <summary>The port it listens on; 0 before it does.</summary>
    public int Port => listener.Port;

    /// <exception cref="ConfigurationException">The port is taken.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await listener.BindAsync(new IPEndPoint(IPAddress.Loopback, options.Value.Port), cancellationToken);
        }
        catch (AddressInUseException e)
        {
            throw new ConfigurationException(SettingWords.Say("Inbox.Taken", options.Value.Port), e);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("inbox server", stopping => listener.ServeAsync(
        new SmtpReceiver(store, new SmtpReceiverOptions { HostName = "inkorg.example", MaxRecipients = 100 }, Policy, time),
        stopping), stoppingToken);

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
