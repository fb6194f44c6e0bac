using System.Buffers;
using System.Numerics;
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

    /// <summary>True only when canonicalising would change nothing. One vectorised pass, a fraction of the hash itself.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> body) =>
        body.IsEmpty
        || (body.EndsWith("\r\n"u8) && body.Length > 2 && !body.EndsWith("\r\n\r\n"u8) && !HasReducibleSpace(body));

    /// <summary>A tab, or a space before a space or a CR (a bare CR too: the slow path then finds that nothing changes).</summary>
    private static bool HasReducibleSpace(ReadOnlySpan<byte> body)
    {
        var (tab, space, cr) = (new Vector<byte>((byte)'\t'), new Vector<byte>((byte)' '), new Vector<byte>((byte)'\r'));
        var i = 0;
        for (; i + Vector<byte>.Count < body.Length; i += Vector<byte>.Count)
        {
            var here = new Vector<byte>(body[i..]);
            var next = new Vector<byte>(body[(i + 1)..]);
            var bad = Vector.Equals(here, tab) | (Vector.Equals(here, space) & (Vector.Equals(next, space) | Vector.Equals(next, cr)));
            if (bad != Vector<byte>.Zero)
                return true;
        }
        var rest = body[i..];
        return rest.Contains((byte)'\t') || rest.IndexOf("  "u8) >= 0 || rest.IndexOf(" \r"u8) >= 0;
    }

    /// <summary>Writes the canonical body to <paramref name="output"/>, which has room for the body and two octets more.</summary>
    internal static int Canonicalize(ReadOnlySpan<byte> body, Span<byte> output)
    {
        var written = 0;
        var end = 0; // after the last line that is not blank
        while (!body.IsEmpty)
        {
            var lineEnd = body.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? body : body[..lineEnd];
            var length = Whitespace.Reduce(line, output[written..]);
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
