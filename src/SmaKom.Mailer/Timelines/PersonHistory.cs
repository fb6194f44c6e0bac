using System.Text.Json;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Timelines;

/// <summary>Everything that the database knows about one address, as facts; <see cref="Timeline"/> puts it in words.</summary>
/// <param name="Who">Null for an address that has signed up and never confirmed.</param>
public sealed record PersonHistory(
    Subscriber? Who, string Email, IReadOnlyList<PastEvent> Events, IReadOnlyList<PastSignUp> SignUps, IReadOnlyList<PastNotice> Notices,
    IReadOnlyList<PastLetter> Letters, LastIssue? LastIssue)
{
    /// <summary>Until when letters that the person may have got are over their time and gone; null: none is.</summary>
    public DateTimeOffset? ForgottenUntil { get; init; }

    /// <summary>What the lists are called, by their ids.</summary>
    public IReadOnlyDictionary<short, string> Lists { get; init; } = new Dictionary<short, string>();

    /// <summary>What to call the person: the name, or else the address.</summary>
    public string Name => Who?.Name ?? Email;
}

/// <summary>A row of <c>subscriber_event</c>.</summary>
public sealed record PastEvent(DateTimeOffset At, string Kind, JsonDocument Detail)
{
    public string? Text(string name) =>
        Detail.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}

/// <summary>A sign-up form that somebody sent; kept for 30 days.</summary>
/// <param name="Verdict">
/// <c>mailed</c>, <c>too_soon</c> (for this mailbox), <c>too_many</c> (for its domain) or <c>suppressed</c>; null = not decided.
/// </param>
public sealed record PastSignUp(DateTimeOffset RequestedAt, DateTimeOffset? DecidedAt, string? Verdict, DateTimeOffset? ExpiresAt,
    DateTimeOffset? ConfirmedAt);

/// <summary>A single mail outside of the issues.</summary>
/// <param name="Kind"><c>confirmation</c> or <c>unsubscribe_receipt</c>.</param>
public sealed record PastNotice(string Kind, string State, DateTimeOffset At, Reply Reply);

/// <summary>What a server answered, as far as it did.</summary>
public sealed record Reply(short? Code, string? Enhanced, string? Words)
{
    /// <summary>As on the wire; null when there was no reply.</summary>
    public string? Said =>
        Code is null && Words is null ? null : Words?.StartsWith(Enhanced ?? "\0", StringComparison.Ordinal) == true ? $"{Code} {Words}".Trim()
        : $"{Code} {Enhanced} {Words}".Replace("  ", " ", StringComparison.Ordinal).Trim();
}

/// <summary>One issue's letter to this person.</summary>
public sealed record PastLetter(
    long Id, int IssueId, string Slug, int Year, int Month, IssueState IssueState, DateTimeOffset PlannedAt, DeliveryState State, string? Reason,
    int Attempts, string Email, string? Relay,
    DateTimeOffset? LastAttemptAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? FinishedAt, Reply Reply, IReadOnlyList<PastAttempt> FailedAttempts,
    IReadOnlyList<PastDecision> Decisions)
{
    /// <summary>What came back after the relay had taken it, oldest first.</summary>
    public IReadOnlyList<PastReturn> Returns { get; init; } = [];
}

/// <summary>A row of <c>return_signal</c> that a mail told.</summary>
/// <param name="Class"><c>hard</c>, <c>ambiguous</c>, <c>soft</c>, <c>ours</c> or <c>complaint</c>.</param>
public sealed record PastReturn(DateTimeOffset At, string Class, bool IsOfDomain, Reply Reply);

/// <summary>An attempt that did not end in acceptance.</summary>
public sealed record PastAttempt(DateTimeOffset At, DeliveryState Outcome, string? Relay, string? Stage, Reply Reply);

/// <param name="Kind">Of <see cref="DecisionKind"/>.</param>
public sealed record PastDecision(DateTimeOffset At, string Kind, string MadeBy);

/// <summary>The issue that began last, which the question is mostly about.</summary>
/// <param name="IsForThem">The person is on one of the lists that it went to.</param>
public sealed record LastIssue(int Id, string Slug, int Year, int Month, DateTimeOffset StartedAt, bool IsForThem);
