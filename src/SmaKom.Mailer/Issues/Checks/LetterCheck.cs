using System.Text;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>The issue's letter, written as at its hour and thrown away: whether it can be, and what Gmail shows of it before it cuts.</summary>
public sealed class LetterCheck(LetterFreezer freezer)
{
    /// <summary>Octets of the HTML part. Gmail clips near 102 kB, forwarded mails carry more around it.</summary>
    public const int Largest = 90_000;

    /// <param name="content">Without <see cref="IssueContent.Problems"/>.</param>
    public async Task<IEnumerable<IssueFlaw>> FindAsync(IssueContent content)
    {
        int size;
        try
        {
            var letter = await DraftAsync(content);
            LetterTemplate.Encode(letter);
            size = SizeOf(letter);
        }
        catch (MimeException wrong)
        {
            return [IssueFlaw.Block(wrong.Field == "Subject" ? "subject" : null, "LetterUnwritable", wrong.Field, wrong.Problem)];
        }

        if (size <= Largest) return [];
        // What is saved without it: a part's share, however the templates wrap it.
        var parts = new List<(string Place, int Size)>();
        foreach (var (place, section, block) in Parts(content))
            parts.Add((place, size - SizeOf(await DraftAsync(Without(content, section, block)))));
        var largest = parts.MaxBy(part => part.Size);
        return [IssueFlaw.Warn(largest.Place, "LetterLarge", Kilo(size), Kilo(Largest), Kilo(largest.Size))];
    }

    private Task<LetterDraft> DraftAsync(IssueContent content) =>
        freezer.DraftAsync("2026-01", content, new Variant(content.Language, LegalBasis.Member, LetterFormat.Html));

    private static int SizeOf(LetterDraft letter) => Encoding.UTF8.GetByteCount(letter.Html!);

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
