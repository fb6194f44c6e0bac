namespace SmaKom.Mailer.Subscribers.Unsubscribe;

/// <summary>
/// How a person left: <c>one_click</c> is a mail program's button (RFC 8058), <c>page</c> our own, <c>preferences</c> that of the person's details.
/// </summary>
public static class LeftBy
{
    public const string OneClick = "one_click";
    public const string Page = "page";
    public const string Preferences = "preferences";
}

/// <summary>Why a person left, if they care to say; a closed list, so that no free text about people is kept.</summary>
public static class LeaveReason
{
    public static readonly IReadOnlyList<string> All = ["too_often", "not_relevant", "left_job", "not_me", "other"];
}

/// <summary>What a leaving reader's page needs to know.</summary>
/// <param name="CanUndo">They left so lately that the page may take them back; later the way in is the sign-up form.</param>
public sealed record Subscription(long SubscriberId, string Email, SubscriberStatus Status, bool CanUndo, bool HasReason)
{
    public bool GetsLetters => Status is SubscriberStatus.Active;

    /// <summary>That the link speaks of.</summary>
    public required ListChoice This { get; init; }

    /// <summary>The others that the person is on; none where it is the only one.</summary>
    public IReadOnlyList<ListChoice> Others { get; init; } = [];

    /// <summary>They get letters, but none by the link's list.</summary>
    public bool HasLeftThis => GetsLetters && !This.IsOn && Others.Count > 0;
}

/// <param name="Name">Null: the newsletter's, of the settings.</param>
/// <param name="IsOn">The person is on it.</param>
/// <param name="CanUndo">They left it so lately that the page may take them back.</param>
public sealed record ListChoice(short Id, string? Name, bool IsOn, bool CanUndo);
