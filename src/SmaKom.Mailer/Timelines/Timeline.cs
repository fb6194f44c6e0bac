using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Timelines;

/// <summary>One thing that happened.</summary>
/// <param name="At">Null = now: what is still to come.</param>
/// <param name="Sign">The stylesheet's class of a state, which carries its sign.</param>
/// <param name="Said">A server's own words.</param>
/// <param name="Agreed">What the person agreed to, word for word.</param>
public sealed record TimelineStep(DateTimeOffset? At, string Sign, string Text, string? Said = null, string? Agreed = null);

/// <summary>Steps that belong together: those of one issue's letter, or a single one about the subscription.</summary>
/// <param name="IssueId">Null = about the subscription.</param>
/// <param name="Outcome">What became of the letter, in a word or two.</param>
public sealed record TimelineChapter(DateTimeOffset At, int? IssueId, string? Heading, string Sign, string? Outcome,
    IReadOnlyList<TimelineStep> Steps);

/// <summary>One person's history in plain words, oldest first.</summary>
public sealed class Timeline(SubscriptionSteps subscription, LetterSteps letters, IStringLocalizer<TimelineWords> words)
{
    public IReadOnlyList<TimelineChapter> Tell(PersonHistory history) =>
    [
        .. subscription.Tell(history).Select(step => new TimelineChapter(step.At!.Value, null, null, step.Sign, null, [step]))
            .Concat(history.Letters.Select(letters.Tell)).Concat(Forgotten(history))
            .OrderBy(chapter => chapter.At),
    ];

    private IEnumerable<TimelineChapter> Forgotten(PersonHistory history)
    {
        if (history.ForgottenUntil is { } at) yield return new(at, null, null, "draft", null, [new(at, "draft", words["Forgotten"])]);
    }
}

/// <summary>The one sentence that answers why somebody did, or did not, get the last issue.</summary>
public sealed class TimelineAnswer(IStringLocalizer<TimelineWords> words, ReportPhrases say, IssueNames names, LocalText text)
{
    public string Of(PersonHistory history)
    {
        if (history.Who is null) return words["Answer.Unconfirmed", history.Name];
        if (history.LastIssue is not { } last) return words["Answer.NoIssue", history.Name];
        var issue = names.Of(last.Slug, last.Year, last.Month);
        return history.Letters.FirstOrDefault(letter => letter.IssueId == last.Id) is { } sent ? OfLetter(history.Name, issue, sent)
            : OfNone(history, issue, last);
    }

    /// <summary>Whether there is more to say: accepted is not the same as seen.</summary>
    public string? Then(PersonHistory history) =>
        history.Letters.Any(letter => letter.IssueId == history.LastIssue?.Id && letter.State == Deliveries.DeliveryState.Accepted)
            ? words["Answer.Accepted.Then"].Value : null;

    private string OfLetter(string name, string issue, PastLetter letter)
    {
        var why = say.Meaning(letter.Reason, letter.Reply.Code, letter.Reply.Enhanced) ?? words["Letter.NoWords"].Value;
        return letter switch
        {
            { State: Deliveries.DeliveryState.Accepted } =>
                words["Answer.Accepted", name, issue, text.DateAndTime(letter.FinishedAt ?? letter.PlannedAt)],
            { State: Deliveries.DeliveryState.Refused, Reason: "gave_up" } =>
                words["Answer.GaveUp", name, issue, text.DateAndTime(letter.FinishedAt ?? letter.PlannedAt), why],
            { State: Deliveries.DeliveryState.Refused } => words["Answer.Refused", name, issue, why],
            { State: Deliveries.DeliveryState.Deferred, NextAttemptAt: { } next } => words["Answer.Deferred", name, issue, why, say.When(next)],
            { State: Deliveries.DeliveryState.Unknown } => words["Answer.Unknown", name, issue, why],
            { State: Deliveries.DeliveryState.Excluded } => words["Answer.Excluded", name, issue, words[$"Excluded.{letter.Reason}"]],
            { IssueState: Issues.IssueState.Paused } => words["Answer.Paused", name, issue],
            _ => words["Answer.Waiting", name, issue],
        };
    }

    private string OfNone(PersonHistory history, string issue, LastIssue last)
    {
        var since = history.Who!.ConfirmedAt ?? history.Who.CreatedAt;
        if (history.Who.LeftAt is { } left && left <= last.StartedAt) return words["Answer.Left", history.Name, issue, text.Date(left)];
        if (history.ForgottenUntil >= last.StartedAt) return words["Answer.Forgotten", history.Name, issue];
        if (!last.IsForThem && since <= last.StartedAt) return words["Answer.OtherList", history.Name, issue];
        return since > last.StartedAt
            ? words["Answer.TooLate", history.Name, issue, text.DateAndTime(since), text.DateAndTime(last.StartedAt)]
            : words["Answer.NotIncluded", history.Name, issue];
    }
}
