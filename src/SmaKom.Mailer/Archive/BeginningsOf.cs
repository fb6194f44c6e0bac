using System.Globalization;

namespace SmaKom.Mailer.Archive;

/// <summary>Words that begin with some letters, å and a being the same, and in capitals or not.</summary>
internal static class BeginningsOf
{
    private const CompareOptions Loose = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;

    // Of no language: to Swedish, å is a letter of its own and not an a with a ring.
    private static readonly CompareInfo Letters = CultureInfo.InvariantCulture.CompareInfo;

    /// <summary>The text in pieces, those words marked whole.</summary>
    public static IEnumerable<(string Text, bool IsMarked)> In(string text, string beginning)
    {
        var plain = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
            if (end > at && Letters.IsPrefix(text.AsSpan(at, end - at), beginning, Loose))
            {
                if (at > plain) yield return (text[plain..at], false);
                yield return (text[at..end], true);
                plain = end;
            }

            at = end + 1;
        }

        if (plain < text.Length) yield return (text[plain..], false);
    }
}
