namespace SmaKom.Mailer.Accounts.Frame;

/// <param name="Word">Key in <see cref="Web.WebWords"/>.</param>
/// <param name="Below">Addresses that begin so belong to this entry too.</param>
public sealed record RailEntry(string Word, string Address, string Below)
{
    public RailEntry(string word, string address) : this(word, address, address + "/")
    {
    }

    /// <param name="path">Of the page shown, without a query.</param>
    public bool Holds(string path) => path == Address || path.StartsWith(Below, StringComparison.Ordinal);
}

/// <summary>
/// What stands in the staff's left rail: five entries at most. An entry is added when its page is, so that none leads nowhere.
/// </summary>
public static class StaffRail
{
    /// <summary>Name of the section under the rail: who is signed in, and the way out.</summary>
    public const string FootSection = "rail-foot";

    public static readonly IReadOnlyList<RailEntry> Entries =
    [
        new("Issues", "/redaktion", "/redaktion/nummer/"),
        new("Subscribers", "/redaktion/prenumeranter"),
        new("Tasks", "/redaktion/att-gora"),
        new("People", "/redaktion/personer"),
        new("Archive", "/arkiv"),
    ];
}
