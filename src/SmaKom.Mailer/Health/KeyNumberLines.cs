using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Health;

/// <summary>Puts the key numbers into words.</summary>
public sealed class KeyNumberLines(IStringLocalizer<HealthWords> words, FindingTexts findings, LocalText text)
{
    /// <summary>The key numbers with their names, for a table or a row of figures. The second is a figure or a few words.</summary>
    public IReadOnlyList<(string Key, string Label, string Value)> Of(KeyNumbers numbers) =>
    [
        ("subscribers", words["Number.Subscribers"], text.Number(numbers.Subscribers)),
        ("next", words["Number.Next"], numbers.NextIssue is { } next ? text.Short(next) : words["Number.None"]),
        ("sending", words["Number.Sending"], text.Number(numbers.Sending)),
        ("waiting", words["Number.Waiting"], text.Number(numbers.Waiting)),
        ("age", words["Number.Age"], numbers.WaitingFor == TimeSpan.Zero ? words["Number.None"] : findings.Span(numbers.WaitingFor)),
        ("minute", words["Number.LastMinute"], text.Number(numbers.LastMinute)),
        ("day", words["Number.LastDay"], text.Number(numbers.LastDay)),
        ("unknown", words["Number.Unknown"], text.Number(numbers.Unknown)),
        ("workers", words["Number.Workers"], text.Number(numbers.Workers)),
    ];
}
