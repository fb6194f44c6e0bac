using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// A port that wants TLS from the first byte says nothing to who waits for a greeting, as one that hangs does. Which it is, a handshake tells.
/// </summary>
internal static class SilentGreeting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Who hangs up at once has heard nothing that it could be waiting for.
    private static readonly TimeSpan ShortestSilence = TimeSpan.FromSeconds(1);

    /// <param name="after">Since the connection was opened.</param>
    public static bool Is(RelayEndpoint relay, RelayException failure, TimeSpan after) =>
        relay.Tls != TlsMode.Implicit && failure.Stage == "greeting"
        && (failure.Kind == RelayFailure.Timeout || failure.Kind == RelayFailure.ConnectionLost && after >= ShortestSilence);

    /// <summary>Opens another connection and begins a handshake on it; sends nothing else.</summary>
    /// <returns><see cref="RelayFailure.TlsFromStart"/>, or <paramref name="failure"/> as it was.</returns>
    public static async Task<RelayException> ExplainAsync(RelayEndpoint relay, RelayException failure, TimeProvider time, CancellationToken ct)
    {
        var octets = new HandshakeOctets();
        octets.Begin();
        try
        {
            using var socket = await RelaySocket.ConnectAsync(relay, time, ct);
            using var deadline = new Deadline(time, socket.Dispose);
            await using var tls = new SslStream(new HandshakeStream(new NetworkStream(socket), octets));
            deadline.Arm(relay.Timeouts.Tls > TimeSpan.Zero && relay.Timeouts.Tls < Patience ? relay.Timeouts.Tls : Patience);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = relay.Host, RemoteCertificateValidationCallback = (_, _, _, _) => false }, ct);
        }
        catch (Exception e) when (e is RelayException or AuthenticationException or IOException or SocketException or ObjectDisposedException)
        {
            // What it has said until then is all that is asked for.
        }
        return !octets.AreOfTls ? failure : new(
            RelayFailure.TlsFromStart, $"{relay.Peer} says nothing before TLS has begun, so that port wants implicit TLS", failure.Stage, null,
            failure);
    }
}
