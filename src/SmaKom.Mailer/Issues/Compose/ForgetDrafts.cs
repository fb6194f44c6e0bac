using Npgsql;
using SmaKom.Mailer.Jobs;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>
/// Takes drafts that were deleted more than <see cref="IssueDrafts.KeptDays"/> days ago, with their history, and people and test letters as old.
/// </summary>
public sealed class ForgetDrafts(NpgsqlDataSource source) : IJob
{
    public async Task RunAsync(string? key, CancellationToken ct)
    {
        await using var forget = source.CreateCommand(
            """
            DELETE FROM notice
            WHERE kind = 'test_letter' AND created_at < now() - interval '30 days' AND state NOT IN ('waiting', 'sending');
            DELETE FROM person WHERE removed_at < now() - interval '30 days';
            SELECT forget_drafts()
            """);
        await forget.ExecuteNonQueryAsync(ct);
    }
}
