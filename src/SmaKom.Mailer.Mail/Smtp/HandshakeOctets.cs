namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>
/// The first octets that a relay sends in a TLS handshake. They tell what is wrong where the handshake's own failure does not: a greeting in
/// plain text, or a version from before TLS 1.2.
/// </summary>
internal sealed class HandshakeOctets
{
    private readonly byte[] first = new byte[11];
    private int count;
    private bool isListening;

    public void Begin() => (count, isListening) = (0, true);

    public void Note(ReadOnlySpan<byte> received)
    {
        if (!isListening || count == first.Length)
            return;
        var more = received[..Math.Min(received.Length, first.Length - count)];
        more.CopyTo(first.AsSpan(count));
        count += more.Length;
    }

    /// <summary>Something that only a TLS server says: an alert or a handshake (RFC 8446 §5.1).</summary>
    public bool AreOfTls => count >= 3 && first[0] is 0x15 or 0x16 && first[1] == 3;

    /// <summary>What a handshake that failed has failed of.</summary>
    public RelayFailure Failure => first.AsSpan(0, count) switch
    {
        [>= (byte)'2' and <= (byte)'5', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', ..] => RelayFailure.TlsAfterGreeting,
        // The alert protocol_version, or a ServerHello of TLS 1.1 at most (RFC 5246 §7.4.1.3).
        [0x15, 3, _, _, _, _, 70, ..] or [0x16, 3, _, _, _, 2, _, _, _, 3, < 3, ..] => RelayFailure.TlsTooOld,
        _ => RelayFailure.Tls,
    };

    /// <param name="complaint">About the certificate, if that was looked at.</param>
    public RelayException Explain(string peer, string? complaint, Exception? cause)
    {
        var kind = complaint is null ? Failure : RelayFailure.Tls;
        return new(kind, $"No encrypted connection to {peer}: {complaint ?? kind switch
        {
            RelayFailure.TlsAfterGreeting => "it greets in plain text, so that port wants STARTTLS",
            RelayFailure.TlsTooOld => "it knows no TLS from 1.2 on",
            _ => "the handshake failed",
        }}", "TLS", null, cause);
    }
}
