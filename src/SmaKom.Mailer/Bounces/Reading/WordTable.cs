using System.Buffers;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>Words that are looked for in a text: small letters, <c>*</c> for up to 80 letters of anything.</summary>
/// <remarks>They begin where a word begins; those of four letters or fewer end where one ends, too.</remarks>
internal sealed class Wording(string words)
{
    private const int Gap = 80;
    private const int Short = 4;
    private readonly string[] _pieces = words.Split('*', StringSplitOptions.RemoveEmptyEntries);

    public string Beginning => _pieces[0];

    /// <param name="text">As <see cref="PlainWords.Of"/> makes it.</param>
    public bool IsIn(string text)
    {
        for (var at = 0; (at = text.IndexOf(_pieces[0], at, StringComparison.Ordinal)) >= 0; at++)
            if (IsWhole(text, at) && HasRest(text, at + _pieces[0].Length)) return true;
        return false;
    }

    private bool HasRest(string text, int end)
    {
        foreach (var piece in _pieces.AsSpan(1))
        {
            var found = text.IndexOf(piece, end, Math.Min(Gap + piece.Length, text.Length - end), StringComparison.Ordinal);
            if (found < 0) return false;
            end = found + piece.Length;
        }

        return true;
    }

    private bool IsWhole(string text, int at)
    {
        var (piece, end) = (_pieces[0], at + _pieces[0].Length);
        return !(at > 0 && char.IsLetterOrDigit(piece[0]) && char.IsLetterOrDigit(text[at - 1]))
               && !(piece.Length <= Short && _pieces.Length == 1 && end < text.Length && char.IsLetterOrDigit(text[end]));
    }
}

/// <summary>Many of them, looked for at once: most texts hold none.</summary>
internal sealed class Wordings(IEnumerable<Wording> all)
{
    private readonly Wording[] _all = [.. all];
    private readonly SearchValues<string> _beginnings = SearchValues.Create([.. all.Select(one => one.Beginning)], StringComparison.Ordinal);

    /// <summary>False: none is in it, for certain.</summary>
    public bool MayBeIn(string text) => text.AsSpan().ContainsAny(_beginnings);

    public bool IsAnyIn(string text) => MayBeIn(text) && Array.Exists(_all, one => one.IsIn(text));
}

/// <summary>The tables beside these files, which people extend: a row a line, its columns divided by tabs; <c>#</c> begins a comment.</summary>
internal static class WordTable
{
    public static IEnumerable<string[]> Rows(string file, int columns)
    {
        using var table = new StreamReader(typeof(WordTable).Assembly.GetManifestResourceStream("SmaKom.Mailer.Bounces.Reading." + file)!);
        while (table.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split('\t');
            if (cells.Length != columns || cells.Any(string.IsNullOrWhiteSpace))
                throw new InvalidDataException($"{file}: {columns} columns are needed: {line}");
            yield return cells;
        }
    }
}
