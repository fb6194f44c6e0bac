using System.Buffers;
using System.Buffers.Binary;

namespace SmaKom.Mailer.Issues.Media;

/// <summary>A PNG (ISO/IEC 15948): one picture that stands still.</summary>
internal static class PngFile
{
    /// <summary>In octets, packed: enough for every screen's profile, and too little to unpack into much.</summary>
    private const int LargestProfile = 16 << 10;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static (PictureFile?, PictureFault?) Read(ReadOnlySpan<byte> file)
    {
        var kept = new ArrayBufferWriter<byte>(file.Length);
        kept.Write(Signature);
        var (width, height, data) = (0, 0, false);
        for (var at = Signature.Length; ;)
        {
            if (at + 12 > file.Length) return (null, PictureFault.Damaged);
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12) return (null, PictureFault.Damaged);
            var chunk = file.Slice(at, 12 + (int)length);
            var type = chunk[4..8];
            var body = chunk[8..^4];
            if (type.SequenceEqual("IHDR"u8) != (at == Signature.Length)) return (null, PictureFault.Damaged);
            at += chunk.Length;
            if (type.SequenceEqual("IHDR"u8))
            {
                if (body.Length != 13) return (null, PictureFault.Damaged);
                var (wide, high) = (BinaryPrimitives.ReadUInt32BigEndian(body), BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
                if (wide is 0 or > int.MaxValue || high is 0 or > int.MaxValue) return (null, PictureFault.Damaged);
                if (!IsKnown(body[8], body[9]) || body[10] != 0 || body[11] != 0 || body[12] > 1) return (null, PictureFault.Unusual);
                (width, height) = ((int)wide, (int)high);
            }
            else if (type.SequenceEqual("acTL"u8)) return (null, PictureFault.Moving);
            else if (type.SequenceEqual("IDAT"u8)) data |= length > 0;
            else if (type.SequenceEqual("IEND"u8))
            {
                if (!data || length != 0) return (null, PictureFault.Damaged);
                kept.Write(chunk);
                return (new("image/png", "png", width, height, kept.WrittenSpan.ToArray()), null);
            }
            else if (!Shows(type, body.Length))
            {
                // A capital first letter: it cannot be shown without it.
                if (char.IsAsciiLetterUpper((char)type[0])) return (null, PictureFault.Unusual);
                continue;
            }

            kept.Write(chunk);
        }
    }

    private static bool Shows(ReadOnlySpan<byte> type, int length) =>
        type.SequenceEqual("PLTE"u8) || type.SequenceEqual("tRNS"u8) || type.SequenceEqual("gAMA"u8) || type.SequenceEqual("cHRM"u8)
        || type.SequenceEqual("sRGB"u8) || type.SequenceEqual("sBIT"u8) || type.SequenceEqual("bKGD"u8)
        || type.SequenceEqual("iCCP"u8) && length <= LargestProfile;

    // Table 11.1.
    private static bool IsKnown(byte depth, byte colour) => colour switch
    {
        0 => depth is 1 or 2 or 4 or 8 or 16,
        3 => depth is 1 or 2 or 4 or 8,
        2 or 4 or 6 => depth is 8 or 16,
        _ => false,
    };
}
