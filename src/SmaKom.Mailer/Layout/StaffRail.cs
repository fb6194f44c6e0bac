using Microsoft.AspNetCore.Components.Routing;

namespace SmaKom.Mailer.Layout;

/// <param name="Word">Key in <see cref="LayoutWords"/>.</param>
public sealed record RailEntry(string Word, string Address, NavLinkMatch Match = NavLinkMatch.Prefix);

/// <summary>
/// What stands in the staff's left rail: five entries at most, in the order Nummer, Prenumeranter, Kalender, Arkiv, Inställningar.
/// An entry is added when its page is, so that none leads nowhere.
/// </summary>
public static class StaffRail
{
    /// <summary>Name of the section under the rail: who is signed in, and the way out.</summary>
    public const string FootSection = "rail-foot";

    public static readonly IReadOnlyList<RailEntry> Entries =
    [
        new("Issues", "/redaktion"),
        new("Archive", "/arkiv"),
    ];
}
