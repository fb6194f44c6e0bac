using System.Globalization;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>Where in the composer something was found.</summary>
/// <param name="Part">Its id.</param>
/// <param name="Field">Name of the field in the part's form; empty: the part as a whole.</param>
public sealed partial record FindingPlace(DraftPart Part, string Field)
{
    /// <param name="content">With ids.</param>
    /// <param name="place">As in <see cref="IssueFinding.Place"/>.</param>
    /// <returns>Null: the issue as a whole.</returns>
    public static FindingPlace? Of(IssueContent content, string? place)
    {
        if (place is null) return null;
        var match = Block().Match(place);
        if (!match.Success) match = Section().Match(place);
        if (!match.Success)
        {
            var isContact = place.StartsWith("contact.", StringComparison.Ordinal);
            return DraftPart.Find(content, isContact ? DraftPart.Contact : DraftPart.Head) is { } found
                ? new(found, isContact ? place["contact.".Length..] : place) : null;
        }

        var (section, block) = (Number(match, 1), match.Groups.Count > 3 ? Number(match, 2) : -1);
        var field = match.Groups[match.Groups.Count - 1].Value;
        return DraftPart.All(content).FirstOrDefault(part => (part.Section, part.Block) == (section, block)) is { } there
            ? new(there, field == "blocks" ? "" : field) : null;
    }

    /// <summary>The field's id on the page.</summary>
    public static string IdOf(string field) =>
        "falt-" + field.Replace("[", "-", StringComparison.Ordinal).Replace("].", "-", StringComparison.Ordinal).Replace('.', '-');

    /// <summary>Address that opens the part's form at the field.</summary>
    public string Address(int issue) => ComposeEndpoints.Address(issue, Part.Id) + (Field == "" ? $"#{RowId(Part.Id)}" : $"#{IdOf(Field)}");

    /// <summary>The part's id on the page.</summary>
    public static string RowId(string part) => $"rad-{part}";

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^sections\[(\d+)\]\.blocks\[(\d+)\]\.?(.*)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^sections\[(\d+)\]\.?(.*)$")]
    private static partial Regex Section();
}
