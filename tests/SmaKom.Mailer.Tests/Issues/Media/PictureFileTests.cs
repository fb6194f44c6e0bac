using System.Text;
using SmaKom.Mailer.Issues.Media;
using static SmaKom.Mailer.Tests.Support.GivenPictures;

namespace SmaKom.Mailer.Tests.Issues.Media;

/// <summary>What people choose, and what somebody with a grudge would: a picture comes through without what does not show, the rest is named.</summary>
public sealed class PictureFileTests
{
    private static readonly (int Width, int Height) Size = SizeOf(Jpeg);

    [Test]
    public void A_jpeg_keeps_its_pixels_and_nothing_that_does_not_show()
    {
        var file = JpegWith(
            Exif(1), Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Erik</x:xmpmeta>"u8), Segment(0xED, "Photoshop 3.0\0 Erik"u8),
            Segment(0xE2, "MPF\0 second picture"u8), Segment(0xFE, "Tagen av Erik <script>alert(1)</script>"u8));

        var (picture, fault) = PictureFile.Read([.. file, .. "PK\u0003\u0004 hidden archive <html>"u8]);

        Assert.That(fault, Is.Null);
        Assert.That((picture!.ContentType, picture.Extension, (picture.Width, picture.Height)), Is.EqualTo(("image/jpeg", "jpg", Size)));
        var text = Encoding.Latin1.GetString(picture.Bytes);
        Assert.That(text, Does.Not.Contain("GPS").And.Not.Contain("Erik").And.Not.Contain("script").And.Not.Contain("second").And.Not.Contain("archive"));
        Assert.That(PictureFile.Read(picture.Bytes).Picture!.Bytes, Is.EqualTo(picture.Bytes), "the same again, so it is stored once");
        Assert.That(Scan(picture.Bytes), Is.EqualTo(Scan(Jpeg)), "the pixels");
    }

    [TestCase((byte)1, false)]
    [TestCase((byte)3, false)]
    [TestCase((byte)6, true)]
    [TestCase((byte)8, true)]
    [TestCase((byte)9, false)]
    public void How_the_camera_was_held_is_the_one_thing_of_exif_that_stays(byte orientation, bool onItsSide)
    {
        var picture = PictureFile.Read(JpegWith(Exif(orientation))).Picture!;

        Assert.That((picture.Width, picture.Height), Is.EqualTo(onItsSide ? (Size.Height, Size.Width) : Size));
        var text = Encoding.Latin1.GetString(picture.Bytes);
        Assert.That(text, Does.Not.Contain("GPS"));
        Assert.That(text.Contains("Exif", StringComparison.Ordinal), Is.EqualTo(orientation is > 1 and < 9));
    }

    [Test]
    public void A_png_and_a_gif_keep_what_shows()
    {
        byte[] noted = [.. Chunk("tEXt", "Author\0Erik"u8), .. Chunk("eXIf", "II*\0 GPS"u8), .. Chunk("iTXt", "XML:com.adobe.xmp\0Erik"u8)];
        var png = PictureFile.Read([.. Png(20, 10, Chunk("gAMA", [0, 0, 0xB1, 0x8F]), noted), .. "<script>"u8]).Picture!;
        Assert.That(png.Bytes, Is.EqualTo(Png(20, 10, Chunk("gAMA", [0, 0, 0xB1, 0x8F]))));
        Assert.That((png.ContentType, png.Width, png.Height), Is.EqualTo(("image/png", 20, 10)));

        byte[] commented = [.. Gif[..19], 0x21, 0xFE, 4, .. "Erik"u8, 0, .. Gif[19..], .. "<script>"u8];
        var gif = PictureFile.Read(commented).Picture!;
        Assert.That(gif.Bytes, Is.EqualTo(Gif));
        Assert.That((gif.ContentType, gif.Width, gif.Height), Is.EqualTo(("image/gif", 2, 1)));
    }

    [TestCaseSource(nameof(Refused))]
    public void What_is_no_picture_for_a_letter_is_named(string what, byte[] file, PictureFault fault)
    {
        Assert.That(PictureFile.Read(file), Is.EqualTo(((PictureFile?)null, (PictureFault?)fault)), what);
    }

    [Test]
    public void Wherever_a_file_is_cut_or_changed_nothing_throws()
    {
        var random = new Random(4711);
        foreach (var whole in new[] { JpegWith(Exif(6)), Png(20, 10, Chunk("iCCP", "x"u8)), Gif })
        {
            for (var cut = 0; cut < Math.Min(whole.Length, 2000); cut++) Assert.That(PictureFile.Read(whole.AsSpan(0, cut)).Picture, Is.Null, $"cut at {cut}");
            for (var n = 0; n < 5000; n++)
            {
                var changed = whole.ToArray();
                for (var times = random.Next(1, 6); times > 0; times--) changed[random.Next(Math.Min(changed.Length, 700))] = (byte)random.Next(256);
                var (picture, found) = PictureFile.Read(changed);
                Assert.That(picture is null, Is.EqualTo(found is not null));
                if (picture is not null) Assert.That(PictureFile.Read(picture.Bytes).Picture?.Bytes, Is.EqualTo(picture.Bytes), "what is stored is a picture, too");
            }
        }
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        byte[] sof = [0xFF, 0xC0, 0, 17, 8, 0, 1, 0, 2, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        yield return Case("nothing", [], PictureFault.Empty);
        yield return Case("one octet", [0xFF], PictureFault.NotPicture);
        yield return Case("text", "Hej!"u8, PictureFault.NotPicture);
        yield return Case("zeros", new byte[100], PictureFault.NotPicture);
        yield return Case("HTML", "<!doctype html><script>alert(1)</script>"u8, PictureFault.NotPicture);
        yield return Case("HTML with a picture in it", [.. "<html>"u8, .. Jpeg], PictureFault.NotPicture);
        yield return Case("JavaScript", "GIF=1;alert(1)"u8, PictureFault.NotPicture);
        yield return Case("an old GIF's name", "GIF88a;alert(1)"u8, PictureFault.NotPicture);
        yield return Case("SVG", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8, PictureFault.Svg);
        yield return Case("SVG with a declaration", "<?xml version='1.0'?><!-- x --><svg/>"u8, PictureFault.Svg);
        yield return Case("SVG after a mark", [0xEF, 0xBB, 0xBF, .. "<svg/>"u8], PictureFault.Svg);
        yield return Case("SVG after blanks", "   \n<svg/>"u8, PictureFault.Svg);
        yield return Case("HEIC", [0, 0, 0, 24, .. "ftypheic"u8, 0], PictureFault.Heic);
        yield return Case("HEIC, another kind", [0, 0, 0, 24, .. "ftypmif1"u8], PictureFault.Heic);
        yield return Case("HEIC of a burst", [0, 0, 0, 24, .. "ftyphevc"u8], PictureFault.Heic);
        yield return Case("HEIC, a sequence", [0, 0, 0, 24, .. "ftypmsf1"u8], PictureFault.Heic);
        yield return Case("AVIF", [0, 0, 0, 24, .. "ftypavif"u8], PictureFault.Avif);
        yield return Case("AVIF, moving", [0, 0, 0, 24, .. "ftypavis"u8], PictureFault.Avif);
        yield return Case("a film", [0, 0, 0, 24, .. "ftypisom"u8], PictureFault.NotPicture);
        yield return Case("WebP", [.. "RIFF"u8, 1, 0, 0, 0, .. "WEBPVP8 "u8], PictureFault.WebP);
        yield return Case("a sound", [.. "RIFF"u8, 1, 0, 0, 0, .. "WAVEfmt "u8], PictureFault.NotPicture);
        yield return Case("TIFF", "II*\0 and so on"u8, PictureFault.Tiff);
        yield return Case("TIFF, the other way round", "MM\0* and so on"u8, PictureFault.Tiff);
        yield return Case("BMP", "BM0000"u8, PictureFault.Bmp);
        yield return Case("PDF", "%PDF-1.7"u8, PictureFault.Pdf);
        yield return Case("a Word document", "PK\u0003\u0004word"u8, PictureFault.Document);
        yield return Case("an old Word document", [0xD0, 0xCF, 0x11, 0xE0, 0xA1], PictureFault.Document);
        yield return Case("a program", "MZ\u0090"u8, PictureFault.NotPicture);
        yield return Case("an icon", [0, 0, 1, 0, 1, 0], PictureFault.NotPicture);
        yield return Case("a drawing for Photoshop", "8BPS"u8, PictureFault.NotPicture);

        yield return Case("JPEG, only its beginning", [0xFF, 0xD8, 0xFF], PictureFault.Damaged);
        yield return Case("JPEG without a picture", [0xFF, 0xD8, 0xFF, 0xD9], PictureFault.Damaged);
        yield return Case("JPEG cut in its pixels", Jpeg[..^2], PictureFault.Damaged);
        yield return Case("JPEG cut in half", Jpeg[..(Jpeg.Length / 2)], PictureFault.Damaged);
        yield return Case("JPEG of no width", Sized(0, 1), PictureFault.Damaged);
        yield return Case("JPEG of no height", Sized(1, 0), PictureFault.Damaged);
        yield return Case("JPEG that is too wide", Sized(10_001, 1), PictureFault.TooLarge);
        yield return Case("JPEG that is too high", Sized(1, 65_535), PictureFault.TooLarge);
        yield return Case("JPEG of too many pixels", Sized(8000, 5001), PictureFault.TooLarge);
        yield return Case("JPEG for print", [0xFF, 0xD8, .. sof[..3], 20, 8, 0, 1, 0, 2, 4, .. new byte[12]], PictureFault.PrintColours);
        yield return Case("JPEG of two colours", [0xFF, 0xD8, .. sof[..3], 14, 8, 0, 1, 0, 2, 2, .. new byte[6]], PictureFault.Unusual);
        yield return Case("JPEG of 12 bits", [0xFF, 0xD8, .. sof[..4], 12, .. sof[5..]], PictureFault.Unusual);
        yield return Case("JPEG without loss", [0xFF, 0xD8, 0xFF, 0xC3, .. sof[2..]], PictureFault.Unusual);
        yield return Case("JPEG, arithmetic", [0xFF, 0xD8, 0xFF, 0xC9, .. sof[2..]], PictureFault.Unusual);
        yield return Case("JPEG in layers", [0xFF, 0xD8, 0xFF, 0xDE, .. sof[2..]], PictureFault.Unusual);
        yield return Case("JPEG of two sizes", [0xFF, 0xD8, .. sof, .. sof], PictureFault.Damaged);
        yield return Case("JPEG with a size that lies about its length", [0xFF, 0xD8, .. sof[..9], 9, .. sof[10..]], PictureFault.Damaged);
        yield return Case("JPEG with a part beyond its end", [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF], PictureFault.Damaged);
        yield return Case("JPEG with a part of no length", [0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 0], PictureFault.Damaged);
        yield return Case("JPEG with a scan before its size", [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 0xFF, 0xD9], PictureFault.Damaged);
        yield return Case("JPEG with a marker that is none", [0xFF, 0xD8, 0xFF, 0x02, 0, 2], PictureFault.Damaged);
        yield return Case("JPEG in a JPEG", [0xFF, 0xD8, 0xFF, 0xD8, .. Jpeg[2..]], PictureFault.Damaged);
        yield return Case("JPEG with a script for a beginning", [0xFF, 0xD8, 0xFF, .. "=1;alert(1)//"u8], PictureFault.Damaged);
        yield return Case("JPEG of noise, too heavy", [.. Jpeg[..^2], .. Noise(4 << 20), 0xFF, 0xD9], PictureFault.TooHeavy);

        yield return Case("PNG, only its name", PngStart, PictureFault.Damaged);
        yield return Case("PNG without pixels", [.. PngStart, .. Ihdr(1, 1), .. Chunk("IEND", [])], PictureFault.Damaged);
        yield return Case("PNG with empty pixels", [.. PngStart, .. Ihdr(1, 1), .. Chunk("IDAT", []), .. Chunk("IEND", [])], PictureFault.Damaged);
        yield return Case("PNG cut short", Png()[..^12], PictureFault.Damaged);
        yield return Case("PNG that begins with its pixels", [.. PngStart, .. Chunk("IDAT", [1]), .. Ihdr(1, 1)], PictureFault.Damaged);
        yield return Case("PNG of two sizes", Png(2, 1, Ihdr(3, 3)), PictureFault.Damaged);
        yield return Case("PNG of no width", Png(0, 1), PictureFault.Damaged);
        yield return Case("PNG of negative height", [.. PngStart, .. Ihdr(1, -1)], PictureFault.Damaged);
        yield return Case("PNG with a part beyond its end", [.. PngStart, .. Ihdr(1, 1), 0x7F, 0xFF, 0xFF, 0xFF, .. "IDAT"u8, 0, 0, 0, 0], PictureFault.Damaged);
        yield return Case("PNG with a part of four billion", [.. PngStart, .. Ihdr(1, 1), 0xFF, 0xFF, 0xFF, 0xFF, .. "IDAT"u8, 0, 0, 0, 0], PictureFault.Damaged);
        yield return Case("PNG that moves", Png(2, 1, Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])), PictureFault.Moving);
        yield return Case("PNG of three bits", [.. PngStart, .. Ihdr(1, 1, depth: 3, colour: 0)], PictureFault.Unusual);
        yield return Case("PNG of a colour that is none", [.. PngStart, .. Ihdr(1, 1, colour: 5)], PictureFault.Unusual);
        yield return Case("PNG interlaced as nobody does", [.. PngStart, .. Ihdr(1, 1, interlaced: 2)], PictureFault.Unusual);
        yield return Case("PNG with a part that it needs and nobody knows", Png(2, 1, Chunk("EVIL", [1])), PictureFault.Unusual);
        yield return Case("PNG, a bomb of two billion pixels", Bomb(46_341, 46_341), PictureFault.TooLarge);
        yield return Case("PNG, a bomb that is thin", Bomb(1, 40_000_001), PictureFault.TooLarge);

        yield return Case("GIF, only its name", "GIF89a"u8, PictureFault.Damaged);
        yield return Case("GIF without a picture", [.. Gif[..19], 0x3B], PictureFault.Damaged);
        yield return Case("GIF without an end", Gif[..^1], PictureFault.Damaged);
        yield return Case("GIF cut in its pixels", Gif[..^4], PictureFault.Damaged);
        yield return Case("GIF of no width", [.. "GIF89a"u8, 0, 0, 1, 0, .. Gif[10..]], PictureFault.Damaged);
        yield return Case("GIF that is too large", [.. "GIF89a"u8, 0xFF, 0xFF, 1, 0, .. Gif[10..]], PictureFault.TooLarge);
        yield return Case("GIF with colours beyond its end", [.. Gif[..10], 0xF7, 0, 0], PictureFault.Damaged);
        yield return Case("GIF that moves", [.. Gif[..^1], .. Gif[27..]], PictureFault.Moving);
        yield return Case("GIF with a script in it", [.. "GIF89a/*"u8, .. Gif[8..13], .. "*/=1;alert(1)"u8], PictureFault.Damaged);
    }

    private static TestCaseData Case(string what, ReadOnlySpan<byte> file, PictureFault fault) =>
        new TestCaseData(what, file.ToArray(), fault).SetArgDisplayNames(what);

    private static byte[] Bomb(int width, int height) => [.. PngStart, .. Ihdr(width, height), .. Chunk("IDAT", [1, 2, 3]), .. Chunk("IEND", [])];

    private static byte[] Noise(int octets)
    {
        var noise = new byte[octets];
        new Random(1).NextBytes(noise);
        return [.. noise.Where(octet => octet != 0xFF)];
    }

    /// <summary>The JPEG with another size in its header.</summary>
    private static byte[] Sized(int width, int height)
    {
        var sized = Jpeg.ToArray();
        var at = Frame(sized);
        (sized[at + 5], sized[at + 6], sized[at + 7], sized[at + 8]) = ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
        return sized;
    }

    private static (int, int) SizeOf(byte[] jpeg) => Frame(jpeg) is var at ? ((jpeg[at + 7] << 8) + jpeg[at + 8], (jpeg[at + 5] << 8) + jpeg[at + 6]) : default;

    private static byte[] Scan(byte[] jpeg) => jpeg[jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA])..];

    private static int Frame(ReadOnlySpan<byte> jpeg)
    {
        var at = 2;
        while (jpeg[at + 1] is not (0xC0 or 0xC1 or 0xC2)) at += 2 + (jpeg[at + 2] << 8) + jpeg[at + 3];
        return at;
    }
}
