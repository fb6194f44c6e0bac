using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>The "simple" body canonicalisation (RFC 6376 §3.4.3): blank lines at the end become one CRLF, also for an empty body.</summary>
internal static class SimpleBody
{
    public static void Hash(ReadOnlySpan<byte> body, Span<byte> hash)
    {
        while (body.EndsWith("\r\n"u8))
            body = body[..^2];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(body);
        sha.AppendData("\r\n"u8);
        sha.GetHashAndReset(hash);
    }
}
