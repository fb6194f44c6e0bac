using FsCheck;
using FsCheck.Fluent;
using G = FsCheck.Fluent.Gen;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Text as the worst of senders writes it: all of Unicode, halves of surrogate pairs, noncharacters, NUL, controls; up to 64 kB.</summary>
internal static class AnyText
{
    private static readonly string[] Scraps =
    [
        "\0", "\uD83D", "\uDE00", "\uFFFE", "\uFFFF", "\uFDD0", "\uFFFD", "\uFEFF", "\u200B", "\u200D", "\u202E", "\u2028", "\u0085", "\u001b[2J",
        "\r\n", "\n", "\t", "\u0301", "\u00A0",
        "😀", "👩‍👩‍👧", "🇸🇪", "å", "a\u030A", "\U0010FFFF", "\U0001FFFE", "\u3042", "\u0627\u064B", "ß", "İ", "\"", "\\", "'", "<", ">", "@", ".",
        "=?utf-8?Q?=00?=", "%00", "{0}", "$1",
    ];

    private static readonly Gen<string> Scalar = G.Choose(0, 0x10FFFF).Where(value => value is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32);
    private static readonly Gen<string> Unit = G.Choose(0, 0xFFFF).Select(value => ((char)value).ToString());
    private static readonly Gen<string> Letters = G.Choose(1, 1100).Select(count => new string('x', count));

    /// <summary>Most are short, some stand at the limits of 200 and 1,000 characters, a few are very long.</summary>
    public static Gen<string> All { get; } =
        from pieces in G.OneOf(G.Elements(Scraps), G.Elements(Scraps), Scalar, Unit, Letters).ListOf()
        from times in G.Frequency((20, G.Constant(1)), (1, G.Choose(2, 2000)))
        select Repeat(string.Concat(pieces), times);

    public static IReadOnlyList<string> Sample(int count) =>
        [.. All.Resize(12).Sample(count), "\0", "\uD83D", new string('x', 999) + "😀", new string('x', 199) + "😀", new string('å', 32 * 1024)];

    private static string Repeat(string text, int times)
    {
        var most = text.Length == 0 ? 1 : Math.Clamp(64 * 1024 / text.Length, 1, times);
        return string.Concat(Enumerable.Repeat(text, most));
    }
}
