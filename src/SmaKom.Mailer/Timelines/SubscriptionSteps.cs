using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Reports;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Timelines;

/// <summary>How somebody became a subscriber, left and came back, in words.</summary>
public sealed class SubscriptionSteps(IStringLocalizer<TimelineWords> words, ReportPhrases say, IssueNames names, LocalText text, DatabaseClock time)
{
    /// <summary>In no order; each has a time.</summary>
    public IEnumerable<TimelineStep> Tell(PersonHistory history) =>
        history.Events.Select(entry => OfEvent(entry, history)).Concat(history.SignUps.SelectMany(OfSignUp)).Concat(history.Notices.Select(OfNotice));

    private TimelineStep OfEvent(PastEvent entry, PersonHistory history) => entry.Kind switch
    {
        SubscriberEventKind.SignedUp => new(entry.At, "draft",
            $"{(entry.Text("form") is { } form ? words["Event.signed_up", form] : words["Event.signed_up.Plain"])}{(entry.Text("version") is { } version ? " " + words["Event.signed_up.Consent", version] : "")}",
            Agreed: entry.Text("text")),
        SubscriberEventKind.Confirmed => new(entry.At, "accepted", words["Event.confirmed"]),
        SubscriberEventKind.Imported => new(entry.At, "accepted", words["Event.imported", entry.Text("source") ?? "–"]),
        SubscriberEventKind.AddedByStaff => new(entry.At, "accepted", words["Event.added_by_staff", entry.Text("source") ?? "–"]),
        SubscriberEventKind.Unsubscribed => new(entry.At, "cancelled", Left(entry, history)),
        SubscriberEventKind.LeftList => new(entry.At, "cancelled", words["Event.left_list", ListsOf(entry, history), From(entry, history)]),
        SubscriberEventKind.JoinedList =>
            new(entry.At, "accepted", words["Event.joined_list", ListsOf(entry, history)], Agreed: entry.Text("text")),
        SubscriberEventKind.Paused => new(entry.At, "cancelled",
            words["Event.paused",
                DateTimeOffset.TryParse(entry.Text("until"), CultureInfo.InvariantCulture, out var until) ? text.Date(until) : "–"]),
        SubscriberEventKind.PauseEnded => new(entry.At, "accepted", words["Event.pause_ended"]),
        SubscriberEventKind.AddressChangeRequested => new(entry.At, "draft", words["Event.address_change_requested"]),
        SubscriberEventKind.MovedHere => new(entry.At, "accepted", words["Event.moved_here"]),
        SubscriberEventKind.Bounced => new(entry.At, "refused", words[$"Event.bounced.{entry.Text("reason")}", From(entry, history)]),
        SubscriberEventKind.BounceUndone => new(entry.At, "accepted", words["Event.bounce_undone"]),
        SubscriberEventKind.BounceRetried => new(entry.At, "accepted", words["Event.bounce_retried"]),
        SubscriberEventKind.Complained => new(entry.At, "refused", words["Event.complained", From(entry, history)]),
        SubscriberEventKind.AddressChangeStopped => new(entry.At, "draft", words["Event.address_change_stopped"]),
        SubscriberEventKind.UnsubscribeUndone when entry.Detail.RootElement.TryGetProperty("lists", out _) =>
            new(entry.At, "accepted", words["Event.unsubscribe_undone.List", ListsOf(entry, history)]),
        SubscriberEventKind.UnsubscribeUndone => new(entry.At, "accepted", words["Event.unsubscribe_undone"]),
        SubscriberEventKind.UnsubscribeReason =>
            new(entry.At, "draft", words["Event.unsubscribe_reason", Known($"Leave.{entry.Text("reason")}", entry.Text("reason"))]),
        SubscriberEventKind.Changed when entry.Text("source") is { } source => new(entry.At, "draft", words["Event.changed.List", source]),
        SubscriberEventKind.Changed => new(entry.At, "draft", words["Event.changed", string.Join(", ", Fields(entry))]),
        // A kind that came later than this page: its name is better than silence.
        _ => new(entry.At, "draft", entry.Kind),
    };

    private string Left(PastEvent entry, PersonHistory history)
    {
        var key = entry.Text("by") is "one_click" or "page" or "mail" or "moved" or "move_stopped"
            ? $"Event.unsubscribed.{entry.Text("by")}"
            : "Event.unsubscribed.other";
        return words[key, From(entry, history)];
    }

    private string From(PastEvent entry, PersonHistory history)
    {
        var letter = history.Letters.FirstOrDefault(l => l.IssueId.ToString(CultureInfo.InvariantCulture) == entry.Text("issue"));
        return letter is null ? "" : words["Event.unsubscribed.From", names.Of(letter.Slug, letter.Year, letter.Month)].Value;
    }

    private static string ListsOf(PastEvent entry, PersonHistory history) =>
        entry.Detail.RootElement.TryGetProperty("lists", out var lists) && lists.ValueKind == JsonValueKind.Array
        ? string.Join(", ", lists.EnumerateArray().Select(list => history.Lists.GetValueOrDefault(list.GetInt16(), "–")))
        : "–";

    private IEnumerable<string> Fields(PastEvent entry) =>
        entry.Detail.RootElement.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array
        ? fields.EnumerateArray().Select(field => Known($"Field.{field}", field.ToString()))
        : ["–"];

    /// <summary>A confirmed one has left its events; here only what was decided about it is told.</summary>
    private IEnumerable<TimelineStep> OfSignUp(PastSignUp signUp)
    {
        if (signUp.ConfirmedAt is null) yield return new(signUp.RequestedAt, "draft", words["SignUp.Requested"]);
        if (signUp.Verdict is null) yield return new(signUp.RequestedAt, "queued", words["SignUp.Waiting"]);
        else if (signUp is { Verdict: "mailed", ExpiresAt: { } expires })
            yield return new(signUp.DecidedAt, "queued", words["SignUp.mailed", text.DateAndTime(expires)]);
        else yield return new(signUp.DecidedAt, "cancelled", words[$"SignUp.{signUp.Verdict}"]);
        if (signUp is not { Verdict: "mailed", ConfirmedAt: null, ExpiresAt: { } end }) yield break;
        var now = time.GetUtcNow();
        yield return end < now ? new(end, "cancelled", words["SignUp.Expired"]) : new(now, "waiting", words["SignUp.Open"]);
    }

    private TimelineStep OfNotice(PastNotice notice)
    {
        var state = notice.State == "sending" ? "waiting" : notice.State;
        var why = say.Meaning(null, notice.Reply.Code, notice.Reply.Enhanced) ?? words["Letter.NoWords"].Value;
        return new(notice.At, state, words[$"Notice.{notice.Kind}.{state}", why], notice.Reply.Said);
    }

    private string Known(string key, string? otherwise) => words[key] is { ResourceNotFound: false } known ? known.Value : otherwise ?? "–";
}
