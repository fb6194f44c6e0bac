using System.Text.RegularExpressions;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Text that somebody meant to replace.</summary>
internal static partial class PlaceholderChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content) => ContentPlaces.Texts(content)
        .Select(text => (text.Place, Match: Placeholder().Match(text.Text)))
        .Where(found => found.Match.Success)
        .Select(found => IssueFlaw.Block(found.Place, "Placeholder", IssueFlaw.Begin(found.Match.Value)));

    // What writers leave for later is what is looked for here; nothing of this file is left for later. Signs of the trade in capitals, brackets with an order in them, three question marks, and what previews show where text is missing.
    [GeneratedRegex("""
        (?i:\blorem\ ipsum\b) | \b[Xx]{3,}\b | \b(?:TODO|TBD|TBA|FIXME)\b | \?{3,} | \((?:saknas|missing)\)
        | (?i:\[\s*(?:fyll\ i|skriv|infoga|ange|byt|text|rubrik|ingress|namn|datum|tid|plats|länk|adress|bild|titel
            | fill\ in|insert|write|your|enter|name|date|place|link|picture|title|heading|…|\.\.\.)[^\]\n]*\])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Placeholder();
}
