using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Deliveries.Limits;

namespace SmaKom.Mailer.Relays.Pages;

/// <summary>A new limit as somebody types it.</summary>
public sealed class LimitForm
{
    public static readonly IReadOnlyDictionary<string, TimeSpan> Spans = new Dictionary<string, TimeSpan>
    {
        ["second"] = TimeSpan.FromSeconds(1),
        ["minute"] = TimeSpan.FromMinutes(1),
        ["hour"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
    };

    public string? Count { get; set; }
    public string Per { get; set; } = "hour";

    /// <summary>Id of a relay; empty: all together.</summary>
    public short? Relay { get; set; }

    /// <summary>A domain or a group's name; empty: all together.</summary>
    public string? To { get; set; }

    /// <summary>Warm-up, with a limit for a day.</summary>
    public DateOnly? DoublesFrom { get; set; }

    public static string NameOf(TimeSpan span) => Spans.First(known => known.Value == span).Key;

    /// <summary>False for what is no number from 1 to a thousand million.</summary>
    public static bool TryCount(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= 1_000_000_000;

    public IReadOnlyList<(string Field, string Words)> Check(IStringLocalizer<RelayWords> words)
    {
        var faults = new List<(string, string)>();
        if (!TryCount(Count, out _)) faults.Add((nameof(Count), words["Fault.Count"]));
        if (!Spans.ContainsKey(Per)) faults.Add((nameof(Per), words["Fault.Per"]));
        if (To is { Length: > 253 } || (To ?? "").Any(c => char.IsControl(c) || c == '@')) faults.Add((nameof(To), words["Fault.To"]));
        if (DoublesFrom is { } day && !RateLimits.IsDayOfWarmUp(day))
            faults.Add((nameof(DoublesFrom), words["Fault.DoublesFromDay", RateLimits.FirstYear, RateLimits.LastYear]));
        else if (DoublesFrom is not null && Per != "day") faults.Add((nameof(DoublesFrom), words["Fault.DoublesFrom"]));
        return faults;
    }
}
