using System.Buffers.Binary;
using System.IO.Compression;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Small picture files, whole and otherwise.</summary>
internal static class GivenPictures
{
    public static readonly byte[] Jpeg = File.ReadAllBytes(
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", "issues"), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First());

    public static readonly byte[] Gif =
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255, 0x21, 0xF9, 4, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B,
    ];

    public static byte[] Png(int width = 2, int height = 1, params byte[][] further) =>
        [.. PngStart, .. Ihdr(width, height), .. further.SelectMany(chunk => chunk), .. Chunk("IDAT", Packed(height * (1 + width * 3))), .. Chunk("IEND", [])];

    public static readonly byte[] PngStart = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Ihdr(int width, int height, byte depth = 8, byte colour = 2, byte interlaced = 0)
    {
        var body = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(body, width);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), height);
        (body[8], body[9], body[12]) = (depth, colour, interlaced);
        return Chunk("IHDR", body);
    }

    public static byte[] Chunk(string type, ReadOnlySpan<byte> body)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(named));
        return [.. length, .. named, .. sum];
    }

    public static byte[] Segment(byte marker, ReadOnlySpan<byte> body) => [0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    /// <summary>The JPEG with this after its first marker.</summary>
    public static byte[] JpegWith(params byte[][] segments) => [0xFF, 0xD8, .. segments.SelectMany(segment => segment), .. Jpeg[2..]];

    /// <summary>As a telephone writes it: held on its side, with the place where it was taken.</summary>
    public static byte[] Exif(byte orientation) => Segment(0xE1,
    [
        .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 2, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0,
        .. "GPS 63.4 N 14.9 E"u8,
    ]);

    private static byte[] Packed(int octets)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(new byte[octets]);
        return packed.ToArray();
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xFFFFFFFF;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
        }

        return ~sum;
    }
}
