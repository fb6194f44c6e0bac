using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>Takes returned mail from a mail server in front of us: 250 is said after the commit, so that no mail is between the two.</summary>
public sealed class ReturnReceiver(
    IncomingMails mails, ReturnAddresses addresses, IOptions<ReceiverOptions> options, IOptions<SenderOptions> sender, BackgroundLoops loops,
    TimeProvider time, ILoggerFactory loggers) : BackgroundService, IMessageSink
{
    private const string Source = "smtp";
    private const int LongestMail = 1 << 20;
    private static readonly SmtpReply Kept = new(250, new EnhancedCode(2, 0, 0), "kept");
    private static readonly SmtpReply NotNow = new(452, new EnhancedCode(4, 3, 1), "cannot keep it now, come back later");
    private static readonly SmtpReply NotHere = new(550, new EnhancedCode(5, 1, 1), "no such mailbox here");
    private readonly SmtpListener listener = new(loggers);
    private readonly ILogger logger = loggers.CreateLogger<ReturnReceiver>();

    /// <summary>The port it listens on; 0 before it does.</summary>
    public int Port => listener.Port;

    /// <exception cref="ConfigurationException">The port is taken.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await listener.BindAsync(options.Value.EndPoint, cancellationToken);
        }
        catch (AddressInUseException e)
        {
            throw new ConfigurationException(SettingWords.Say("Receiver.Taken", options.Value.Port), e);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("receiver", stopping => listener.ServeAsync(
        new SmtpReceiver(this, new SmtpReceiverOptions
        {
            HostName = sender.Value.BounceDomain,
            MaxMessageSize = LongestMail,
            IsLmtp = options.Value.Protocol == ReceiverProtocol.Lmtp,
            // Whatever a stranger's server made of it, it has come this far; it is read, and never sent on.
            AcceptBareLineEnds = true,
        }, envelope => addresses.IsOurs(envelope.Recipient) ? null : NotHere, time), stopping), stoppingToken);

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken ct)
    {
        try
        {
            foreach (var recipient in message.Recipients)
                await mails.StoreAsync(new(Source, Key(recipient, message.Bytes.Span), "mail", recipient, message.Bytes.Length, message.Bytes), ct);
            return Kept;
        }
        catch (Exception e) when (DatabaseFailure.Is(e))
        {
            logger.LogDatabaseFailure("taking returned mail", e);
            return NotNow;
        }
    }

    // A server that did not hear our 250 brings the same again.
    private static string Key(string recipient, ReadOnlySpan<byte> mail)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(recipient.ToLowerInvariant() + "\n"));
        hash.AppendData(mail);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
