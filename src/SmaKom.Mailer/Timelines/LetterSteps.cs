using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Decisions;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Timelines;

/// <summary>One issue's letter, step by step: planned, each attempt with the server's own words, decisions, and what comes next.</summary>
public sealed class LetterSteps(IStringLocalizer<TimelineWords> words, ReportPhrases say, IssueNames names, LocalText text)
{
    public TimelineChapter Tell(PastLetter letter)
    {
        var steps = new List<TimelineStep> { new(letter.PlannedAt, "queued", words["Letter.Planned", letter.Email]) };
        steps.AddRange(letter.FailedAttempts.Select((attempt, i) => Failed(attempt, i + 1)).Concat(letter.Decisions.Select(Decided))
            .OrderBy(step => step.At));
        if (Ending(letter) is { } ending) steps.Add(ending);
        steps.AddRange(letter.Returns.Select(Returned));
        // The relay took it, and it did not arrive: that is what became of it.
        var (sign, outcome) = letter is { State: DeliveryState.Accepted, Returns: [.., { Class: not "complaint" }] }
            ? ("refused", words["Issue.Outcome.Returned"]) : (Class(letter.State), words[$"Issue.Outcome.{letter.State}"]);
        return new(
            letter.PlannedAt, letter.IssueId, ReportPhrases.Capital(names.Of(letter.Slug, letter.Year, letter.Month)), sign, outcome, steps);
    }

    private TimelineStep Failed(PastAttempt attempt, int number)
    {
        var why = say.Meaning(attempt.Outcome == DeliveryState.Unknown && attempt.Reply.Code is null ? "reply_lost" : null, attempt.Reply.Code,
            attempt.Reply.Enhanced) ?? words["Letter.NoWords"].Value;
        var what = attempt switch
        {
            { Stage: "letter" } => words["Letter.NotWritten", say.Reason("cannot_be_written")!],
            { Outcome: DeliveryState.Unknown, Stage: "worker_lost" or "halted" } => words["Letter.Unknown", say.Reason(attempt.Stage)!],
            { Outcome: DeliveryState.Unknown } => words["Letter.Unknown", why],
            { Outcome: DeliveryState.Deferred } => words["Letter.Deferred", why],
            _ => words["Letter.Refused", why],
        };
        return new(attempt.At, Class(attempt.Outcome), Attempt(number, attempt.Relay, what), attempt.Stage == "letter" ? null : attempt.Reply.Said);
    }

    private TimelineStep Returned(PastReturn back) =>
        new(back.At, "refused", words[$"Returned.{(back.IsOfDomain ? "domain" : back.Class)}"], back.Reply.Said);

    private TimelineStep Decided(PastDecision decision)
    {
        var sign = decision.Kind switch { DecisionKind.Leave => "cancelled", DecisionKind.Unknown => "unknown", _ => "deferred" };
        return new(decision.At, sign, words[$"Decision.{decision.Kind}", say.By(decision.MadeBy)]);
    }

    private TimelineStep? Ending(PastLetter letter) => letter.State switch
    {
        DeliveryState.Accepted =>
            new(letter.FinishedAt, "accepted", Attempt(Math.Max(letter.Attempts, 1), letter.Relay, words["Letter.Accepted"]), letter.Reply.Said),
        DeliveryState.Deferred when letter.NextAttemptAt is { } next => new(null, "deferred", words["Letter.Next", say.When(next)]),
        DeliveryState.Refused when letter.Reason == "gave_up" => new(letter.FinishedAt, "refused", words["Letter.GaveUp"]),
        DeliveryState.Excluded => new(letter.FinishedAt, "excluded", words["Letter.Excluded", words[$"Excluded.{letter.Reason}"]]),
        DeliveryState.Waiting => new(null, "waiting", words["Letter.Waiting"]),
        DeliveryState.Sending => new(null, "sending", words["Letter.Sending"]),
        _ => null,
    };

    private string Attempt(int number, string? relay, string what) => relay is null
        ? words["Letter.AttemptPlain", text.Number(number), what]
        : words["Letter.Attempt", text.Number(number), words["Letter.Via", relay].Value, what];

    private static string Class(DeliveryState state) => ReportPhrases.StateClass(state)["state ".Length..];
}
