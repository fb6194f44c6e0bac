using System.Buffers.Binary;
using System.Globalization;

namespace SmaKom.Mailer.Web;

/// <summary>
/// The mark of <see cref="ThemeStylesheet"/> as an ICO of 32 by 32 points, for browsers and readers that ask for <c>/favicon.ico</c> and take no SVG.
/// </summary>
internal static class FavIcon
{
    private const int Side = 32, Corner = 6, Samples = 4, Heading = 6 + 16 + 40;
    private const double HalfStroke = 1.25;

    /// <summary>The envelope: its frame, and its flap.</summary>
    private static readonly (double X, double Y)[] Line = [(16, 18), (6, 10), (26, 10), (26, 23), (6, 23), (6, 10), (16, 18), (26, 10)];

    /// <param name="ground">#rrggbb</param>
    /// <param name="stroke">#rrggbb</param>
    public static byte[] Draw(string ground, string stroke)
    {
        const int pixels = Side * Side * 4, mask = Side * Side / 8;
        var ico = new byte[Heading + pixels + mask];
        WriteHeading(ico, pixels + mask);
        var (under, over) = (Channels(ground), Channels(stroke));
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var (solid, line) = Cover(x, y);
                // From the lowest row upwards, blue first.
                var at = Heading + (((Side - 1 - y) * Side) + x) * 4;
                for (var channel = 0; channel < 3; channel++) ico[at + channel] = (byte)((under[channel] * (1 - line)) + (over[channel] * line));
                ico[at + 3] = (byte)(255 * solid);
            }

        return ico;
    }

    private static void WriteHeading(byte[] ico, int bytes)
    {
        // ICONDIR with one ICONDIRENTRY, then a BITMAPINFOHEADER, whose height counts the mask too.
        (ico[2], ico[4], ico[6], ico[7], ico[10], ico[12]) = (1, 1, Side, Side, 1, 32);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(14), 40 + bytes);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(18), 22);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(22), 40);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(26), Side);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(30), Side * 2);
        (ico[34], ico[36]) = (1, 32);
        BinaryPrimitives.WriteInt32LittleEndian(ico.AsSpan(42), bytes);
    }

    /// <summary>How much of a point the mark covers, and how much of it is line: 0–1 each.</summary>
    private static (double Solid, double Line) Cover(int x, int y)
    {
        var (solid, line) = (0, 0);
        for (var i = 0; i < Samples * Samples; i++)
        {
            var (px, py) = (x + ((i % Samples) + .5) / Samples, y + ((i / Samples) + .5) / Samples);
            var (dx, dy) = (Math.Max(0, Corner - Math.Min(px, Side - px)), Math.Max(0, Corner - Math.Min(py, Side - py)));
            if (Math.Sqrt((dx * dx) + (dy * dy)) > Corner) continue;
            solid++;
            if (Line.Zip(Line.Skip(1)).Any(part => Distance(px, py, part.First, part.Second) <= HalfStroke)) line++;
        }

        return (solid / (double)(Samples * Samples), solid == 0 ? 0 : line / (double)solid);
    }

    private static double Distance(double x, double y, (double X, double Y) from, (double X, double Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var along = Math.Clamp((((x - from.X) * dx) + ((y - from.Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
        return Math.Sqrt(Math.Pow(x - from.X - (along * dx), 2) + Math.Pow(y - from.Y - (along * dy), 2));
    }

    private static int[] Channels(string colour) =>
        [.. new[] { 5, 3, 1 }.Select(at => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
