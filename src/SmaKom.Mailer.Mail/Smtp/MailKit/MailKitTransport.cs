using System.Net;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>Sends through MailKit's SMTP client. One instance serves a whole process; thread-safe.</summary>
/// <remarks>
/// MailKit speaks; what its answers mean is decided by the same code as for our own client (<c>SmtpVerdict</c>), so that
/// the same reply has the same consequence with either. It does not announce the next letter: a letter costs three
/// round trips, or two with CHUNKING.
/// </remarks>
public sealed class MailKitTransport(TimeProvider? timeProvider = null) : IMailTransport
{
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;
    private readonly PipeliningDistrust distrust = new(timeProvider ?? TimeProvider.System);

    public async Task<IMailConnection> ConnectAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct) =>
        new MailKitConnection(this, relay, await OpenAsync(relay, onStep, ct), time);

    internal async Task<MailKitSession> OpenAsync(RelayEndpoint relay, Action<ConnectionTestStage, string>? onStep, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        var name = relay.CheckedHeloName;
        var dialogue = new RelayDialogue(relay);
        var wire = new RelayWire(await RelaySocket.ConnectAsync(relay, time, ct), () => (dialogue.Patience, dialogue.Count), time);
        var client = new RelayClient(dialogue, new RelayCertificate(relay, time)) { LocalDomain = name };
        var session = new MailKitSession(client, wire, dialogue, relay, onStep);
        try
        {
            using var cancellation = wire.AbortOn(ct);
            await session.OpenAsync(distrust.Includes(relay));
            return session;
        }
        catch (RelayException e) when (SilentGreeting.Is(relay, e, time.GetElapsedTime(since)))
        {
            await session.EndAsync();
            throw await SilentGreeting.ExplainAsync(relay, e, time, ct);
        }
        catch
        {
            await session.EndAsync();
            throw;
        }
    }

    internal void Distrust(RelayEndpoint relay) => distrust.Add(relay);
}

/// <summary>An open connection: MailKit's client, the wire below it, and what is said on it.</summary>
internal sealed class MailKitSession(RelayClient client, RelayWire wire, RelayDialogue dialogue, RelayEndpoint relay,
    Action<ConnectionTestStage, string>? onStep)
{
    private static readonly string[] MailKitsOwnStrongestFirst = ["SCRAM-SHA-512", "SCRAM-SHA-1", "NTLM", "DIGEST-MD5", "CRAM-MD5"];

    public RelayClient Client => client;

    public RelayWire Wire => wire;

    public RelayDialogue Dialogue => dialogue;

    /// <summary>Letters that the relay has answered on this connection, whatever it said.</summary>
    public int Answered { get; set; }

    // MailKit forgets what a relay can as soon as the connection is gone, which is when we ask.
    public bool Pipelining { get; private set; }

    public bool Chunking { get; private set; }

    /// <exception cref="RelayException">No greeting, no TLS, no authentication.</exception>
    public async Task OpenAsync(bool distrusted)
    {
        try
        {
            onStep?.Invoke(ConnectionTestStage.Connect, $"connected to {relay.Peer}");
            dialogue.OnHandshake = wire.Handshake.Begin;
            if (relay.Tls == TlsMode.Implicit)
                wire.Handshake.Begin();
            await ConnectAsync();
            onStep?.Invoke(ConnectionTestStage.Hello, string.Join(", ", dialogue.Offers.Lines));
            if (!relay.UsePipelining || distrusted)
                client.Capabilities &= ~SmtpCapabilities.Pipelining;
            if (!relay.UseChunking)
                client.Capabilities &= ~SmtpCapabilities.Chunking;
            Pipelining = client.Capabilities.HasFlag(SmtpCapabilities.Pipelining);
            Chunking = client.Capabilities.HasFlag(SmtpCapabilities.Chunking);
            if (relay.Username is not null)
                await AuthenticateAsync();
        }
        catch (Exception e) when (e is not RelayException)
        {
            throw new OpeningFailure(relay, wire, dialogue, client).From(e);
        }
    }

    // MailKit tells what was agreed on only once it has said EHLO again.
    private async Task ConnectAsync()
    {
        var isEncrypted = false;
        dialogue.OnEncrypted = () => isEncrypted = true;
        try
        {
            await client.ConnectAsync(wire, relay.Host, relay.Port, MailKitTerms.Of(relay.Tls));
            if (isEncrypted) onStep?.Invoke(ConnectionTestStage.Tls, client.Certificate.Facts(client.SslProtocol, client.SslCipherSuite));
        }
        catch
        {
            if (isEncrypted) onStep?.Invoke(ConnectionTestStage.Tls, client.Certificate.Shown);
            throw;
        }
    }

    /// <summary>The relay has seen the end, too, when this returns, unless it takes longer than a second.</summary>
    public async ValueTask EndAsync()
    {
        await wire.CloseAsync();
        client.Dispose();
    }

    /// <summary>Closes at once, without a word to the relay.</summary>
    public void Abort()
    {
        wire.Abort();
        client.Dispose();
    }

    private async Task AuthenticateAsync()
    {
        var mayShowPassword = client.IsSecure || (relay.AllowPlaintextAuth && wire.IsLoopback);
        if (MailKitsOwn(mayShowPassword) is { } mechanism)
        {
            await client.AuthenticateAsync(mechanism);
            onStep?.Invoke(ConnectionTestStage.Authentication, $"{mechanism.MechanismName} accepted");
            return;
        }

        var chosen = AuthMechanisms.Choose(relay, dialogue.Offers.AuthMechanisms, mayShowPassword);
        await client.AuthenticateAsync(MailKitTerms.Of(chosen, relay.Username ?? "", relay.Password ?? ""));
        onStep?.Invoke(ConnectionTestStage.Authentication, $"{chosen} accepted");
    }

    /// <summary>
    /// A mechanism that only MailKit knows, where a server offers none that both clients do and that may be used. None of them shows the password.
    /// </summary>
    private SaslMechanism? MailKitsOwn(bool mayShowPassword)
    {
        var offered = dialogue.Offers.AuthMechanisms;
        if (relay.Auth != AuthMechanism.Auto || AuthMechanisms.HasCommon(offered, mayShowPassword)) return null;
        var name = MailKitsOwnStrongestFirst.FirstOrDefault(name => offered.Contains(name, StringComparer.OrdinalIgnoreCase));
        return name is null ? null : SaslMechanism.Create(name, Encoding.UTF8, new NetworkCredential(relay.Username, relay.Password));
    }
}
