using System.Net.Security;
using MailKit;
using MailKit.Net.Pop3;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.MailKit;

namespace SmaKom.Mailer.Mail.Pop3;

/// <summary>Reads a mailbox that is served over POP3 (RFC 1939) through MailKit. One instance serves a whole process; thread-safe.</summary>
public sealed class Pop3Mailbox(TimeProvider? timeProvider = null)
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;

    /// <summary>Connects, encrypts and logs in. <see cref="MailboxEndpoint.Folder"/> means nothing here: there is one.</summary>
    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set.</exception>
    public async Task<Pop3Session> OpenAsync(MailboxEndpoint mailbox, CancellationToken ct)
    {
        var meter = new Pop3Meter(mailbox.Server);
        var socket = await RelaySocket.ConnectAsync(mailbox.Server, time, ct);
        // A letter comes in as many pieces as it needs, and each has the time.
        var pieces = 0;
        var wire = new RelayWire(socket, () => (meter.Command == "QUIT" ? Goodbye : mailbox.ReplyTimeout, pieces++), time);
        var session = new Pop3Session(mailbox, new Pop3Reader(meter, new RelayCertificate(mailbox.Server, time)), wire, meter);
        try
        {
            await session.OpenAsync(ct);
            return session;
        }
        catch
        {
            session.Abort();
            throw;
        }
    }
}

/// <summary>MailKit's client with our rules for certificates.</summary>
internal sealed class Pop3Reader(Pop3Meter meter, RelayCertificate certificate) : Pop3Client(meter)
{
    /// <summary>In plain words, once the server's certificate has been refused.</summary>
    public string? Complaint => certificate.Complaint;

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback) =>
        certificate.OptionsFor(this, remoteCertificateValidationCallback);
}

/// <summary>Knows which command is being waited for, and hangs up on a server that answers it without end: MailKit would keep all of it.</summary>
internal sealed class Pop3Meter(RelayEndpoint server) : IProtocolLogger
{
    private static readonly string[] Commands =
        ["CAPA", "STLS", "AUTH", "USER", "PASS", "APOP", "UTF8", "STAT", "UIDL", "LIST", "RETR", "TOP", "DELE", "QUIT"];

    /// <summary>What is no letter: 100,000 lines of a list.</summary>
    private const long LongestAnswer = 8 << 20;
    private long heard;

    /// <summary>The command's name, nothing of what follows it.</summary>
    public string Command { get; private set; } = "greeting";

    /// <summary>How long a letter may be that is asked for next, in octets; 0: none is.</summary>
    public long Expected { get; set; }

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    public void LogConnect(Uri uri)
    {
    }

    public void LogClient(byte[] buffer, int offset, int count)
    {
        var word = System.Text.Encoding.ASCII.GetString(buffer, offset, Math.Min(count, 6)).Split(' ', '\r')[0];
        // What continues AUTH is no command, and a secret.
        if (Commands.Contains(word))
            Command = word;
        heard = 0;
    }

    public void LogServer(byte[] buffer, int offset, int count)
    {
        heard += count;
        if (heard > Math.Max(Expected, LongestAnswer))
            throw new RelayException(RelayFailure.Protocol, $"{server.Peer} answers {Command} with more than it said itself", Command);
    }

    public void Dispose()
    {
    }
}
