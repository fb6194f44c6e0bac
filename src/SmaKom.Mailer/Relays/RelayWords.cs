using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays;

/// <summary>Names the resource files of the pages about relays and limits: <c>RelayWords.resx</c> (Swedish), <c>.en.resx</c>.</summary>
public sealed class RelayWords;

/// <summary>What is wrong with a relay, and how fast it can be, in words.</summary>
public static class RelayPhrases
{
    /// <summary>Why its last connection failed, as a sentence. The server's own words stay out: they can name a recipient.</summary>
    public static string Why(this IStringLocalizer<RelayWords> words, Relay relay) => words[$"Why.{relay.LastFailureKind ?? "Other"}"];

    /// <summary>How long a round trip takes, and what each client makes of it. Null: the test found nothing to measure.</summary>
    public static string? Speed(this IStringLocalizer<RelayWords> words, RelayTestResult trial)
    {
        if (trial.Speed is not { } speed) return null;
        if (!speed.IsLimit) return words[speed.Pipelining ? "Speed.Near" : "Speed.NearAlike", trial.Client];
        var other = trial.Client == SmtpClientKind.MailKit ? SmtpClientKind.Pipelined : SmtpClientKind.MailKit;
        var (mine, theirs) = (speed.LettersPerSecond(trial.Client), speed.LettersPerSecond(other));
        return speed.Pipelining
            ? words["Speed.Far", Rounded(speed.RoundTrip.TotalMilliseconds), trial.Client, Rounded(mine), other, Rounded(theirs)]
            : words["Speed.FarAlike", Rounded(speed.RoundTrip.TotalMilliseconds), speed.RoundTripsPerLetter(trial.Client), Rounded(mine)];
    }

    // Two digits: an estimate that shows more claims what nobody knows.
    private static string Rounded(double number)
    {
        var digits = number < 10 ? 1 : 0;
        var step = number >= 100 ? Math.Pow(10, Math.Floor(Math.Log10(number)) - 1) : 1;
        return (Math.Round(number / step, digits) * step).ToString(digits == 0 ? "0" : "0.#", CultureInfo.CurrentCulture);
    }
}
