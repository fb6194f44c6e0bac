using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Findings;

namespace SmaKom.Mailer.Issues;

/// <summary>Whether the next monthly slot has an issue, in good time.</summary>
public sealed class CalendarCheck(IDbContextFactory<MailerDb> contexts, MonthlySlot slot, TimeProvider time) : ICheck
{
    /// <summary>Enough to write one.</summary>
    private static readonly TimeSpan GoodTime = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var next = slot.Next(now);
        if (next - now > GoodTime) return [];
        await using var db = await contexts.CreateDbContextAsync(ct);
        // Sent a little early counts as well.
        var (from, until) = (next.AddDays(-14).ToUniversalTime(), next.AddDays(7).ToUniversalTime());
        return await db.Issues.AnyAsync(issue => issue.State == IssueState.Queued && issue.ScheduledAt < until || issue.StartedAt > from, ct)
            ? [] : [new(FindingKind.NothingQueued, Severity.Warning, next) { Where = "/redaktion" }];
    }
}
