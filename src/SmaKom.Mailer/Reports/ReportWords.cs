using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>Names the resource files of the words about what came of letters: <c>ReportWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class ReportWords;

/// <summary>What came of letters, in words.</summary>
public sealed class ReportPhrases(IStringLocalizer<ReportWords> words, LocalText text, DatabaseClock time)
{
    public string State(DeliveryState state) => words[$"State.{state}"];

    /// <summary>The state's class of the stylesheet, which carries its sign.</summary>
    public static string StateClass(DeliveryState state) =>
        $"state {(state == DeliveryState.Sending ? DeliveryState.Waiting : state).ToString().ToLowerInvariant()}";

    /// <summary>Why the person was not sent to or why it was hard, as few words; null when there is nothing to say.</summary>
    public string? Reason(string? reason) =>
        reason is null ? null : words[$"Reason.{reason}"] is { ResourceNotFound: false } known ? known.Value : reason;

    /// <summary>Why a letter failed, in plain words: adressen finns inte.</summary>
    public string? Meaning(string? reason, short? code, string? enhanced) =>
        ReplyMeaning.Of(reason, code, enhanced) is { } key ? words[key] : Reason(reason);

    /// <summary>
    /// Why it has not been accepted, as far as anybody knows: adressen finns inte · brevlådan är full, nya försök hjälpte inte.
    /// Null when there is nothing to say.
    /// </summary>
    public string? Why(Letter letter) => letter.State switch
    {
        DeliveryState.Accepted or DeliveryState.Waiting or DeliveryState.Sending => null,
        DeliveryState.Excluded => Reason(letter.Reason),
        _ when letter.Reason == "gave_up" && ReplyMeaning.Of(letter.Reason, letter.ReplyCode, letter.ReplyEnhanced) is { } last =>
            $"{words[last].Value}, {Reason(letter.Reason)}",
        _ => Meaning(letter.Reason, letter.ReplyCode, letter.ReplyEnhanced),
    };

    /// <summary>om 14 minuter, kl. 15.04 · onsdag 2 december 2026 kl. 09.10</summary>
    public string When(DateTimeOffset at)
    {
        var minutes = (int)Math.Ceiling((at - time.GetUtcNow()).TotalMinutes);
        return minutes switch
        {
            <= 0 => words["When.Now"],
            1 => words["When.Minute", text.Clock(at)],
            < 60 => words["When.Minutes", text.Number(minutes), text.Clock(at)],
            _ => words["When.At", text.DateAndTime(at)],
        };
    }

    /// <summary>sekund · minut · timme · dygn: what a limit counts in.</summary>
    public string Span(TimeSpan per) => words[per switch
    {
        { TotalSeconds: <= 1 } => "Per.second",
        { TotalMinutes: <= 1 } => "Per.minute",
        { TotalHours: <= 1 } => "Per.hour",
        _ => "Per.day",
    }];

    /// <summary>Who decided: a member of staff, the command line, a setting.</summary>
    public string By(string madeBy) => words[$"By.{madeBy}"] is { ResourceNotFound: false } known ? known.Value : madeBy;

    /// <summary>The words under <paramref name="key"/><c>.One</c>, or under <c>.Many</c> with the number.</summary>
    public string Counted(string key, int count) => count == 1 ? words[key + ".One"] : words[key + ".Many", text.Number(count)];

    internal static string Capital(string sentence) => sentence == "" ? "" : char.ToUpper(sentence[0], CultureInfo.CurrentUICulture) + sentence[1..];
}
