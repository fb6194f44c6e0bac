using System.Buffers;
using System.Buffers.Binary;

namespace SmaKom.Mailer.Issues.Media;

/// <summary>A JPEG (ITU-T T.81 annex B): baseline or progressive, grey or three colours, of 8 bits.</summary>
internal static class JpegFile
{
    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA;

    public static (PictureFile?, PictureFault?) Read(ReadOnlySpan<byte> file)
    {
        var kept = new ArrayBufferWriter<byte>(file.Length);
        var (width, height, turned, scanned) = (0, 0, 1, false);
        for (var at = 2; ;)
        {
            while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF) at++;
            if (at + 2 > file.Length || file[at] != 0xFF) return (null, PictureFault.Damaged);
            var marker = file[at + 1];
            if (marker == End) break;
            if (marker is 0 or 1 or Start or (>= 0xD0 and <= 0xD7)) return (null, PictureFault.Damaged);
            if (at + 4 > file.Length) return (null, PictureFault.Damaged);
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 4 || at + length > file.Length) return (null, PictureFault.Damaged);
            var segment = file.Slice(at, length);
            var body = segment[4..];
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (width > 0 || body.Length < 6 || body.Length != 6 + 3 * body[5]) return (null, PictureFault.Damaged);
                    if (body[5] == 4) return (null, PictureFault.PrintColours);
                    if (body[0] != 8 || body[5] is not (1 or 3)) return (null, PictureFault.Unusual);
                    (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(body[1..]), BinaryPrimitives.ReadUInt16BigEndian(body[3..]));
                    if (width == 0 || height == 0) return (null, PictureFault.Damaged);
                    kept.Write(segment);
                    break;
                case 0xC4 or 0xDB or 0xDD:
                    kept.Write(segment);
                    break;
                case 0xE1:
                    if (body.StartsWith("Exif\0\0"u8)) turned = Orientation(body[6..]);
                    break;
                // Without a thumbnail.
                case 0xE0 when body.StartsWith("JFIF\0"u8) && body.Length == 14:
                // A profile of colours; the other things that cameras keep here are further pictures.
                case 0xE2 when body.StartsWith("ICC_PROFILE\0"u8):
                // Says how the three colours are to be read.
                case 0xEE when body.StartsWith("Adobe"u8):
                    kept.Write(segment);
                    break;
                case (>= 0xE0 and <= 0xEF) or 0xFE:
                    break;
                case Scan:
                    if (width == 0) return (null, PictureFault.Damaged);
                    var end = EndOfScan(file, at + length);
                    if (end < 0) return (null, PictureFault.Damaged);
                    kept.Write(file[at..end]);
                    scanned = true;
                    at = end;
                    continue;
                case >= 0xC3 and <= 0xCF or 0xDC or 0xDE or 0xDF:
                    return (null, PictureFault.Unusual);
                default:
                    return (null, PictureFault.Damaged);
            }

            at += length;
        }

        if (!scanned) return (null, PictureFault.Damaged);
        byte[] bytes = [0xFF, Start, .. Turned(turned), .. kept.WrittenSpan, 0xFF, End];
        // 5 to 8 lie on their side.
        return (turned >= 5 ? new("image/jpeg", "jpg", height, width, bytes) : new("image/jpeg", "jpg", width, height, bytes), null);
    }

    /// <summary>Where the marker after the coded data stands; negative: the file ends before.</summary>
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length) return -1;
            at += next;
            // A stuffed zero and a restart belong to the data.
            if (file[at + 1] is not (0 or (>= 0xD0 and <= 0xD7))) return at;
            at += 2;
        }
    }

    /// <summary>How the camera was held (EXIF 2.32 §4.6.5, tag 274): 1 to 8; 1 where nothing readable says so.</summary>
    private static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8) return 1;
        var little = tiff[0] == 'I';
        var first = Long(tiff[4..]);
        if (first > tiff.Length - 2) return 1;
        var entries = Short(tiff[(int)first..]);
        for (var at = (int)first + 2; entries > 0 && at + 12 <= tiff.Length; entries--, at += 12)
            if (Short(tiff[at..]) == 274 && Short(tiff[(at + 8)..]) is >= 1 and <= 8 and var turned) return turned;
        return 1;

        ushort Short(ReadOnlySpan<byte> from) => little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);
        uint Long(ReadOnlySpan<byte> from) => little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
    }

    /// <summary>The one thing of EXIF that shows.</summary>
    private static byte[] Turned(int orientation) => orientation == 1 ? [] :
    [
        0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
    ];
}
