using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>What was understood of one person's letter.</summary>
/// <param name="IssueId">Null: a single mail.</param>
/// <param name="At">When it reached us.</param>
public sealed record Signal(long SubscriberId, int? IssueId, DateTimeOffset At, ReturnedRecipient Said)
{
    /// <summary>The mail that says it; null: the relay said it while sending (<see cref="AttemptId"/>).</summary>
    public long? IncomingMailId { get; init; }
    public long? AttemptId { get; init; }
}

/// <summary>One issue as it went for one person.</summary>
/// <param name="SentAt">When its letter was last tried.</param>
/// <param name="WasAccepted">By the relay, which is not the same as delivered.</param>
/// <param name="DomainWasAway">What came back was the whole domain's: it says nothing of the person.</param>
/// <param name="Signals">Classes of what came back, in any order.</param>
public sealed record PastIssue(int IssueId, DateTimeOffset SentAt, bool WasAccepted, bool DomainWasAway, IReadOnlyList<BounceClass> Signals);

/// <summary>What follows for the person.</summary>
public enum BounceVerdict
{
    None,

    /// <summary>The address is not there.</summary>
    StopHard,

    /// <summary>Said often enough that it may not be there.</summary>
    StopAmbiguous,

    /// <summary>For months nothing was taken.</summary>
    StopSoft,

    /// <summary>For good: an operator only brings the person back.</summary>
    StopComplaint,
}

/// <summary>When a person's letters are stopped.</summary>
public sealed record BouncePolicy
{
    /// <summary>Issues with an ambiguous bounce until it counts as a hard one.</summary>
    public int AmbiguousIssues { get; init; } = 2;

    /// <summary>Consecutive issues of which nothing arrived …</summary>
    public int SoftIssues { get; init; } = 3;

    /// <summary>… over at least so long, first to last.</summary>
    public TimeSpan SoftSpan { get; init; } = TimeSpan.FromDays(60);

    /// <summary>An issue that was accepted, and of which nothing came back for so long, arrived: what was before counts no more.</summary>
    public TimeSpan ArrivedAfter { get; init; } = TimeSpan.FromDays(7);

    /// <param name="history">All issues of the person since they last came or came back, with the signal's own among them, in any order.</param>
    public BounceVerdict Decide(IReadOnlyList<PastIssue> history, Signal signal)
    {
        switch (signal.Said)
        {
            case { Class: BounceClass.Complaint }: return BounceVerdict.StopComplaint;
            case { IsOfDomain: true } or { Class: BounceClass.Ours or BounceClass.NotABounce }: return BounceVerdict.None;
            case { Class: BounceClass.Hard }: return BounceVerdict.StopHard;
        }

        var troubled = new List<(DateTimeOffset SentAt, bool IsAmbiguous)>();
        foreach (var issue in history.OrderByDescending(issue => issue.SentAt))
        {
            var signals = issue.IssueId == signal.IssueId ? [.. issue.Signals, signal.Said.Class] : issue.Signals;
            if (!issue.DomainWasAway && signals.Any(said => said is BounceClass.Soft or BounceClass.Ambiguous or BounceClass.Hard))
                troubled.Add((issue.SentAt, signals.Any(said => said is BounceClass.Ambiguous or BounceClass.Hard)));
            else if (issue.WasAccepted && signals.Count == 0 && signal.At - issue.SentAt >= ArrivedAfter)
                break;
        }

        if (troubled.Count(issue => issue.IsAmbiguous) >= AmbiguousIssues) return BounceVerdict.StopAmbiguous;
        return troubled.Count >= SoftIssues && troubled[0].SentAt - troubled[^1].SentAt >= SoftSpan ? BounceVerdict.StopSoft : BounceVerdict.None;
    }
}

/// <summary>When what came back of an issue is told to be no single person's.</summary>
public static class IssueReturns
{
    /// <summary>A domain's fault: so many people …</summary>
    public const int DomainPeople = 3;

    /// <summary>… and at least this share of the domain's in one issue. Nobody of it is stopped.</summary>
    public const double DomainShare = 0.5;

    /// <summary>With fewer complaints than this, and fewer addresses gone than <see cref="FewestGone"/>, no issue is paused, however small.</summary>
    public const int FewestComplaints = 2;

    public const int FewestGone = 10;

    public static bool IsOfDomain(long returned, long sent) => returned >= DomainPeople && returned >= DomainShare * sent;

    /// <summary>Complaints that pause an issue: 3 and 0.1 %, always at 2 and 0.3 % (what large receivers tolerate).</summary>
    public static bool IsTooManyComplaints(long complaints, long sent) =>
        complaints >= 3 && complaints >= 0.001 * sent || complaints >= FewestComplaints && complaints >= 0.003 * sent;

    /// <summary>Addresses that are gone, which pause an issue as one that went to an old list: 10 and 10 %.</summary>
    public static bool IsOldList(long gone, long sent) => gone >= FewestGone && gone >= 0.1 * sent;
}
