using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Issues.Halts.Pages;

namespace SmaKom.Mailer.Issues.Halts;

/// <summary>What goes out only when somebody has decided, after a restore or a long sleep; and a move of the database that halted nothing.</summary>
public sealed class HaltChecks(HaltList halts) : ICheck
{
    /// <summary>How long a move is told of.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        if (await halts.LeftAsync(ct) is { } left) return [new(FindingKind.DatabaseNotMet, Severity.Fault, left)];
        var waiting = await halts.ListAsync(ct);
        if (waiting.Count > 0) return [.. waiting.Select(Found)];
        return await halts.MovedWithinAsync(News, ct) is (var met, var before) ? [new(FindingKind.DatabaseMoved, Severity.Note, met, before)] : [];
    }

    private static Finding Found(Halt halt) => halt.Slug is { } slug
        ? new(FindingKind.IssueHalted, Severity.Fault, slug, halt.LastActiveAt, halt.Accepted, halt.Waiting) { Where = HaltEndpoints.Page }
        : new(FindingKind.NoticesHalted, Severity.Warning, halt.Waiting, halt.LastActiveAt) { Where = HaltEndpoints.Page };
}
