using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Privacy.MyData;

/// <summary>
/// Everything that is held about one person, as they download it (GDPR articles 15 and 20). The descriptions become the schema that is served beside
/// it: <see cref="MyDataSchema"/>.
/// </summary>
[Description("Everything that an association's newsletter service holds about one person.")]
public sealed record MyDataFile(
    [property: JsonPropertyName("$schema"), Description("Address of this schema.")] string Schema,
    [property: Description("When the file was made.")] DateTimeOffset MadeAt,
    [property: Description("Who answers for the data (controller, GDPR article 4.7).")] ControllerData Controller,
    [property: Description("The subscription; null when the address was only typed into the sign-up form.")] SubscriptionData? Subscription,
    [property: Description("What the person agreed to, word for word, oldest first.")] IReadOnlyList<ConsentData> Consents,
    [property: Description("What happened to the subscription, oldest first.")] IReadOnlyList<EventData> Events,
    [property: Description("The newsletter's issues that were made ready for the person, oldest first.")] IReadOnlyList<LetterData> Letters,
    [property: Description("Single mails, as the confirmation of a sign-up, oldest first.")] IReadOnlyList<MailData> Mails,
    [property: Description("What was sent from the sign-up form with this address; kept for 30 days.")] IReadOnlyList<SignUpData> SignUps);

public sealed record ControllerData(string Name, string PostalAddress, string Contact);

public sealed record SubscriptionData(
    string Address,
    string? Name,
    string? Municipality,
    [property: Description("BCP 47.")] string Language,
    [property: Description("html or text.")] string Format,
    [property: Description("pending, active, unsubscribed, bounced or complained.")] string State,
    [property: Description("Why letters may be sent: member (GDPR article 6.1 f) or consent (6.1 a).")] string LegalBasis,
    DateTimeOffset Since,
    DateTimeOffset? ConfirmedAt,
    DateTimeOffset? LeftAt,
    [property: Description("Letters wait until then; null: they do not.")] DateTimeOffset? PausedUntil,
    [property: Description("The lists that the person is or was on.")] IReadOnlyList<ListData> Lists,
    [property: Description("Wishes to be written to at another address; kept for 30 days.")] IReadOnlyList<AddressChangeData> AddressChanges);

public sealed record ListData(
    string Name,
    [property: Description("Why letters may be sent by this list: member (GDPR article 6.1 f) or consent (6.1 a).")] string LegalBasis,
    DateTimeOffset Since,
    DateTimeOffset? EndedAt);

public sealed record AddressChangeData(DateTimeOffset At, string To, DateTimeOffset? ConfirmedAt, DateTimeOffset? StoppedAt);

public sealed record ConsentData(
    DateTimeOffset At,
    [property: Description("When the link in the confirmation mail was used; of a list that was chosen with a link from a letter, when it was chosen.")] DateTimeOffset? ConfirmedAt,
    [property: Description("Goes up when the wording changes.")] string? Version,
    [property: Description("The words beside the box that was ticked.")] string? Wording,
    string? Language,
    [property: Description("Address of the form.")] string? Form);

public sealed record EventData(
    DateTimeOffset At,
    [property: Description("signed_up, confirmed, imported, added_by_staff, changed, unsubscribed, unsubscribe_undone, …")] string Kind,
    [property: Description("Facts of the event, by name.")] JsonElement Facts);

public sealed record LetterData(
    [property: Description("Year and month of the issue, as 2026-11.")] string Issue,
    [property: Description("As it was when the issue began.")] string Address,
    DateTimeOffset PlannedAt,
    [property: Description("waiting, deferred, sending, accepted, refused, unknown or excluded.")] string State,
    [property: Description("Why it was excluded or given up.")] string? Reason,
    int Attempts,
    DateTimeOffset? FinishedAt,
    [property: Description("What the mail server said last.")] string? Reply,
    [property: Description("Attempts that did not end in acceptance.")] IReadOnlyList<AttemptData> FailedAttempts,
    [property: Description("What came back after the mail server had taken it.")] IReadOnlyList<ReturnData> Returns);

public sealed record ReturnData(
    DateTimeOffset At,
    [property: Description("hard, ambiguous, soft, ours or complaint.")] string Class,
    string? Reply);

public sealed record AttemptData(DateTimeOffset At, string Outcome, string? Reply);

public sealed record MailData(DateTimeOffset At, [property: Description("confirmation, unsubscribe_receipt, links, …")] string Kind, string State);

public sealed record SignUpData(
    DateTimeOffset At,
    string? Name,
    string? Municipality,
    [property: Description("What became of it.")] string? Verdict,
    DateTimeOffset? ConfirmedAt);
