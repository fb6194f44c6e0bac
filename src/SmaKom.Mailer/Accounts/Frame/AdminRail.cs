namespace SmaKom.Mailer.Accounts.Frame;

/// <summary>
/// What stands in the administrators' left rail, in the order Översikt, Jobb, Utskick, Mottagare, Inställningar.
/// An entry is added when its page is, so that none leads nowhere. The words are in <see cref="AdminWords"/>.
/// </summary>
public static class AdminRail
{
    public static readonly IReadOnlyList<RailEntry> Entries =
    [
        new("Rail.Overview", "/admin", "/admin?"),
        new("Rail.Jobs", "/admin/jobb"),
        new("Rail.Deliveries", "/admin/utskick"),
        new("Rail.Recipients", "/admin/mottagare"),
        new("Rail.Settings", "/admin/installningar"),
    ];
}
