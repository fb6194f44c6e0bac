using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Issues.Compose.Pages;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom issues check</c>: what the composer and the queue page show of an issue.</summary>
internal static class IssueCheckVerb
{
    /// <returns><see cref="ExitCode.Refused"/>: the issue cannot be queued as it is.</returns>
    public static async Task<int> CheckAsync(OpenIssue open, CancellationToken ct)
    {
        var findings = await open.Get<IssueChecks>().FindAsync(
            open.Issue.Id, IssueContentJson.Find(open.Issue.Content), open.Issue.ScheduledAt, ct);
        var isBlocked = findings.Any(finding => finding.Blocks);
        foreach (var finding in findings.OrderByDescending(finding => finding.Blocks))
            open.Terminal.Say(open.Terminal.Words[finding.Blocks ? "Check.Blocks" : "Check.Warns", Sentence(open, finding)]);
        open.Terminal.Say(open.Terminal.Words[findings.Count == 0 ? "Check.Nothing" : isBlocked ? "Check.Blocked" : "Check.Ready", open.Issue.Slug]);
        open.Terminal.Data(new { canBeQueued = !isBlocked, findings = findings.Select(one => new { one.Blocks, one.Kind, one.Place, one.Words }) });
        return isBlocked ? ExitCode.Refused : ExitCode.Done;
    }

    public static IEnumerable<string> Sentences(OpenIssue open, IEnumerable<IssueFinding> findings) =>
        findings.Select(finding => Sentence(open, finding));

    /// <summary>”Höstmötet”, text: Stycket …</summary>
    private static string Sentence(OpenIssue open, IssueFinding finding)
    {
        // Content that cannot be read has no places.
        if (finding.Place is null) return finding.Words;
        var (names, content) = (open.Get<PartNames>(), DraftPart.WithIds(IssueContentJson.Deserialize(open.Issue.Content)));
        return FindingPlace.Of(content, finding.Place) is { } place
            ? $"{names.Title(place.Part)}{(names.Field(place.Field) is { } field ? $" · {field}" : "")}: {finding.Words}"
            : finding.Words;
    }
}
