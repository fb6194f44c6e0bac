using System.Buffers;
using System.Buffers.Binary;

namespace SmaKom.Mailer.Issues.Media;

/// <summary>A GIF (version 89a) of one picture.</summary>
internal static class GifFile
{
    private const byte Extension = 0x21, Image = 0x2C, Trailer = 0x3B, GraphicControl = 0xF9;

    public static (PictureFile?, PictureFault?) Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 13) return (null, PictureFault.Damaged);
        var kept = new ArrayBufferWriter<byte>(file.Length);
        var (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));
        var at = 13 + Colours(file[10]);
        if (width == 0 || height == 0 || at > file.Length) return (null, PictureFault.Damaged);
        kept.Write(file[..at]);
        for (var seen = false; at < file.Length;)
        {
            var begun = at;
            switch (file[at])
            {
                case Trailer when seen:
                    kept.Write([Trailer]);
                    return (new("image/gif", "gif", width, height, kept.WrittenSpan.ToArray()), null);
                case Extension when at + 2 < file.Length:
                    var isControl = file[at + 1] == GraphicControl;
                    if ((at = AfterBlocks(file, at + 2)) < 0) return (null, PictureFault.Damaged);
                    if (isControl) kept.Write(file[begun..at]);
                    break;
                case Image when at + 10 < file.Length:
                    if (seen) return (null, PictureFault.Moving);
                    seen = true;
                    at += 10 + Colours(file[at + 9]) + 1;
                    if (at >= file.Length || (at = AfterBlocks(file, at)) < 0) return (null, PictureFault.Damaged);
                    kept.Write(file[begun..at]);
                    break;
                default:
                    return (null, PictureFault.Damaged);
            }
        }

        return (null, PictureFault.Damaged);
    }

    /// <summary>Octets of the table of colours that these flags tell of.</summary>
    private static int Colours(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    /// <summary>Behind the block of length 0 that ends a chain; negative: the file ends before.</summary>
    private static int AfterBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length)
        {
            var length = file[at];
            at += 1 + length;
            if (length == 0) return at;
        }

        return -1;
    }
}
