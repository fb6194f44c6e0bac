using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Issues.Pages;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Jobs.Pages;

/// <summary>Jobs and runs in words.</summary>
public sealed class JobPhrases(IStringLocalizer<JobWords> words, LocalText text, Phrases say, DatabaseClock time)
{
    /// <summary>What the job does, in a few words; its name for one that has none.</summary>
    public string Does(string job) => words[$"Job.{job}"] is { ResourceNotFound: false } known ? known : job;

    public string State(JobRunState state) => words[$"State.{state}"];

    /// <summary>The state's class of the stylesheet, which carries its sign.</summary>
    public static string StateClass(JobRunState state) => state switch
    {
        JobRunState.Running => "state sending",
        JobRunState.Succeeded => "state accepted",
        JobRunState.Failed => "state refused",
        _ => "state lost",
    };

    /// <summary>12 ms · 3,4 s · 45 s · 2 min 5 s · 1 h 12 min</summary>
    public string Duration(TimeSpan duration) => duration switch
    {
        { TotalMilliseconds: < 1000 } => $"{(int)duration.TotalMilliseconds} ms",
        { TotalSeconds: < 10 } => $"{Seconds(duration)} s",
        { TotalSeconds: < 60 } => $"{(int)duration.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
        { TotalDays: < 2 } => $"{(int)duration.TotalHours} {words["Hours"]} {duration.Minutes} min",
        _ => $"{(int)duration.TotalDays} {words["Days"]}",
    };

    /// <summary>How long it took, or has gone on.</summary>
    public string Took(RunRow run) => Duration((run.EndedAt ?? time.GetUtcNow()) - run.StartedAt);

    /// <summary>09.00.15 today, with the date before that.</summary>
    public string When(DateTimeOffset at)
    {
        var clock = text.Local(at).ToString(IsEnglish ? "HH:mm:ss" : "HH.mm.ss", CultureInfo.InvariantCulture);
        return text.Local(at).Date == text.Local(time.GetUtcNow()).Date ? words["Clock", clock] : text.Short(at);
    }

    /// <summary>om 5 minuter · försenad 3 min</summary>
    public string Due(DateTimeOffset at) => time.GetUtcNow() - at is { TotalSeconds: > 30 } late ? words["Late", Duration(late)] : say.Relative(at);

    public string Zone => say.Zone;

    private static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    private static string Seconds(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return IsEnglish ? seconds : seconds.Replace('.', ',');
    }
}
