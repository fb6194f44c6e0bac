using System.Buffers;
using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>
/// The "relaxed" body canonicalisation (RFC 6376 §3.4.4): runs of space and tab become one space, those at a line end vanish,
/// blank lines at the end vanish, a body that is not empty ends with CRLF.
/// </summary>
internal static class RelaxedBody
{
    /// <summary>The SHA-256 of the canonical body. A body that is canonical already is hashed where it lies.</summary>
    public static void Hash(ReadOnlySpan<byte> body, Span<byte> hash)
    {
        if (IsCanonical(body))
        {
            SHA256.HashData(body, hash);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(body.Length + 2);
        var length = Canonicalize(body, rented);
        SHA256.HashData(rented.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>True only when canonicalising would change nothing; four vectorised scans, a fraction of the hash itself.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> body) =>
        body.IsEmpty
        || (body.EndsWith("\r\n"u8) && body.Length > 2 && !body.EndsWith("\r\n\r\n"u8)
            && body.IndexOf((byte)'\t') < 0 && body.IndexOf("  "u8) < 0 && body.IndexOf(" \r\n"u8) < 0);

    /// <summary>Writes the canonical body to <paramref name="output"/>, which has room for the body and two octets more.</summary>
    internal static int Canonicalize(ReadOnlySpan<byte> body, Span<byte> output)
    {
        var written = 0;
        var end = 0; // after the last line that is not blank
        while (!body.IsEmpty)
        {
            var lineEnd = body.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? body : body[..lineEnd];
            var length = Whitespace.Reduce(line, output[written..], trimStart: false);
            written += length;
            "\r\n"u8.CopyTo(output[written..]);
            written += 2;
            if (length > 0)
                end = written;
            body = lineEnd < 0 ? [] : body[(lineEnd + 2)..];
        }
        return end;
    }
}
