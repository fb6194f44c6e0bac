using System.Text;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>The letter as it goes out against what Gmail shows of one before it cuts.</summary>
public sealed class SizeCheck(IssueRenderer renderer)
{
    /// <summary>Octets of the HTML part. Gmail clips near 102 kB, forwarded mails carry more around it.</summary>
    public const int Largest = 90_000;

    // As long as those that real letters carry.
    private static readonly string Token = new('x', 48);

    /// <param name="content">Without <see cref="IssueContent.Problems"/>.</param>
    public async Task<IEnumerable<IssueFlaw>> FindAsync(IssueContent content)
    {
        var size = await SizeAsync(content);
        if (size <= Largest) return [];
        // What is saved without it: a part's share, however the templates wrap it.
        var parts = new List<(string Place, int Size)>();
        foreach (var (place, section, block) in Parts(content)) parts.Add((place, size - await SizeAsync(Without(content, section, block))));
        var largest = parts.MaxBy(part => part.Size);
        return [IssueFlaw.Warn(largest.Place, "LetterLarge", Kilo(size), Kilo(Largest), Kilo(largest.Size))];
    }

    private async Task<int> SizeAsync(IssueContent content)
    {
        var variant = new Variant(content.Language, LegalBasis.Member, LetterFormat.Html);
        var letter = await renderer.RenderMailAsync(content, variant, renderer.Links(Token, Token, Token), Token);
        return Encoding.UTF8.GetByteCount(letter.Html);
    }

    private static IEnumerable<(string Place, int Section, int Block)> Parts(IssueContent content) => content.Sections.SelectMany((section, s) =>
        section.Blocks.Select((block, b) => ($"sections[{s}].blocks[{b}]{FieldOf(block)}", s, b)));

    private static string FieldOf(Block block) => block switch
    {
        CalendarBlock => "",
        TipsPair => ".left.body",
        _ => ".body",
    };

    private static IssueContent Without(IssueContent content, int section, int block) => content with
    {
        Sections = [.. content.Sections.Select((one, s) => s != section ? one : one with { Blocks = [.. one.Blocks.Where((_, b) => b != block)] })],
    };

    private static int Kilo(int octets) => (int)Math.Round(octets / 1000.0);
}
