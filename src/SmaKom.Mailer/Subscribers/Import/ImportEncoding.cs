using System.Text;
using System.Text.Unicode;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>
/// Finds out what a text file is written in: what has a byte order mark, what is UTF-8 throughout, or else Windows-1252, as Excel saves it.
/// </summary>
internal static class ImportEncoding
{
    private const int BufferSize = 128 * 1024;

    static ImportEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads the stream once, to its end, and rewinds it.</summary>
    public static async Task<Encoding> DetectAsync(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        var kept = await stream.ReadAtLeastAsync(buffer, 2, throwOnEndOfStream: false, ct);
        Encoding found;
        if (buffer is [0xFF, 0xFE, ..]) found = Encoding.Unicode;
        else if (buffer is [0xFE, 0xFF, ..]) found = Encoding.BigEndianUnicode;
        else found = await IsUtf8Async(stream, buffer, kept, ct) ? Encoding.UTF8 : Encoding.GetEncoding(1252);
        stream.Position = 0;
        return found;
    }

    private static async Task<bool> IsUtf8Async(Stream stream, byte[] buffer, int kept, CancellationToken ct)
    {
        while (true)
        {
            var whole = WholeCharacters(buffer.AsSpan(0, kept));
            if (!Utf8.IsValid(buffer.AsSpan(0, whole))) return false;
            buffer.AsSpan(whole, kept - whole).CopyTo(buffer);
            kept -= whole;
            var read = await stream.ReadAsync(buffer.AsMemory(kept), ct);
            if (read == 0) return kept == 0;
            kept += read;
        }
    }

    /// <summary>Length without a character that the buffer's end may have cut: at most three bytes.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var lead = bytes[^back];
            if (lead < 0x80) break;
            if (lead >= 0xC0) return (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) > back ? bytes.Length - back : bytes.Length;
        }

        return bytes.Length;
    }
}
