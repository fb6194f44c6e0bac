namespace SmaKom.Mailer.Issues.Media;

/// <summary>Why a file is not taken as a picture. Each has a sentence for whoever chose it (<c>Picture.*</c> of the composer's words).</summary>
public enum PictureFault
{
    Empty,

    /// <summary>More than <see cref="PictureFile.Heaviest"/>, as it would be stored.</summary>
    TooHeavy,

    /// <summary>More than <see cref="PictureFile.Longest"/> pixels one way, or <see cref="PictureFile.MostPixels"/> in all.</summary>
    TooLarge,

    /// <summary>Cut short, or its parts contradict each other.</summary>
    Damaged,

    /// <summary>Nobody can stop it (WCAG 2.2.2).</summary>
    Moving,

    /// <summary>CMYK: mail programs show its colours wrong or not at all.</summary>
    PrintColours,

    /// <summary>A JPEG or PNG that browsers do not all show: lossless or arithmetic coding, 12 bits, parts that nobody knows.</summary>
    Unusual,

    Heic, Tiff, WebP, Avif, Svg, Pdf, Bmp, Document, NotPicture,
}

/// <summary>
/// A picture as it is stored and sent: what shows, and nothing else. The file that somebody chose is not kept but written anew from the parts that
/// a browser needs, so that the place where it was taken, its thumbnail, its comments and whatever hangs on behind its end are gone. Its
/// pixels are never decoded here.
/// </summary>
/// <param name="ContentType">As found in the bytes, whatever the file is called.</param>
/// <param name="Extension">Of its name, without a dot.</param>
/// <param name="Width">In pixels, as it is shown: after turning.</param>
/// <param name="Height">In pixels, as it is shown: after turning.</param>
public sealed record PictureFile(string ContentType, string Extension, int Width, int Height, byte[] Bytes)
{
    /// <summary>In octets. Whoever reads the letter fetches them.</summary>
    public const int Heaviest = 3 << 20;

    /// <summary>In pixels.</summary>
    public const int Longest = 10_000;

    /// <summary>A browser needs four octets for each.</summary>
    public const long MostPixels = 40_000_000;

    /// <summary>One of the two is null.</summary>
    public static (PictureFile? Picture, PictureFault? Fault) Read(ReadOnlySpan<byte> file)
    {
        var (picture, fault) = file switch
        {
            [] => (null, PictureFault.Empty),
            [0xFF, 0xD8, 0xFF, ..] => JpegFile.Read(file),
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngFile.Read(file),
            _ when file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) => GifFile.Read(file),
            _ => ((PictureFile?)null, (PictureFault?)Other(file)),
        };
        if (picture is null) return (null, fault);
        if (picture.Width > Longest || picture.Height > Longest || (long)picture.Width * picture.Height > MostPixels) return (null, PictureFault.TooLarge);
        return picture.Bytes.Length > Heaviest ? (null, PictureFault.TooHeavy) : (picture, null);
    }

    private static PictureFault Other(ReadOnlySpan<byte> file)
    {
        if (file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8))
            return file[8..12].StartsWith("avi"u8) ? PictureFault.Avif
                : file[8..12].StartsWith("he"u8) || file[8..12].StartsWith("mif"u8) || file[8..12].StartsWith("msf"u8) ? PictureFault.Heic
                : PictureFault.NotPicture;
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8)) return PictureFault.WebP;
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8)) return PictureFault.Tiff;
        if (file.StartsWith("%PDF"u8)) return PictureFault.Pdf;
        if (file.StartsWith("PK\u0003\u0004"u8) || file.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 })) return PictureFault.Document;
        if (file.StartsWith("BM"u8)) return PictureFault.Bmp;
        // Whatever comes before it: an XML declaration, comments, blanks.
        return file[..Math.Min(file.Length, 4096)].IndexOf("<svg"u8) >= 0 ? PictureFault.Svg : PictureFault.NotPicture;
    }
}
