using System.Runtime.ExceptionServices;
using Npgsql;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Lists;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// Freezes content and audience of every issue whose time has come by the database's clock: one transaction, so that a crash leaves the issue queued.
/// Idempotent: a second planner finds the issue locked or no longer queued.
/// </summary>
public sealed partial class IssuePlanner(NpgsqlDataSource source, LetterFreezer freezer, MailingLists lists, ILogger<IssuePlanner> logger)
{
    /// <summary>Every issue that is due. One that cannot be planned keeps no other from it.</summary>
    public async Task PlanDueAsync(CancellationToken ct)
    {
        var failures = new List<Exception>();
        foreach (var issue in await DueAsync(ct))
        {
            try
            {
                await PlanAsync(issue, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        if (failures.Count == 1) ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1) throw new AggregateException(failures);
    }

    /// <returns>False: it is not queued, not due, or being planned by somebody else.</returns>
    public async Task<bool> PlanAsync(int issueId, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await LockDueAsync(connection, issueId, ct) is not { } issue) return false;

        var audience = await FreezeAsync(connection, issue, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        Log.Planned(logger, issue.Id, audience);
        return true;
    }

    /// <summary>Freezes a halted issue that is queued, in the caller's transaction, which must decide what becomes of its letters.</summary>
    /// <returns>False: it is not queued and halted, or being planned by somebody else.</returns>
    internal async Task<bool> FreezeHaltedAsync(NpgsqlConnection connection, int issueId, CancellationToken ct)
    {
        if (await LockAsync(connection, issueId, IssueCommands.IsHalted, ct) is not { } issue) return false;
        await FreezeAsync(connection, issue, ct);
        return true;
    }

    private async Task<int> FreezeAsync(NpgsqlConnection connection, DueIssue issue, CancellationToken ct)
    {
        await FreezeContentAsync(connection, issue, ct);
        await AudienceLock.ReadAsync(connection, ct);
        var audience = await FreezeAudienceAsync(connection, issue, ct);
        await CutSlicesAsync(connection, issue, audience, ct);
        await StartAsync(connection, issue, audience, ct);
        return audience;
    }

    private async Task<List<int>> DueAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            $"""
            SELECT id
            FROM issue
            WHERE state = 'queued' AND scheduled_at <= now() AND NOT {IssueCommands.IsHalted} AND (SELECT may_send())
            ORDER BY scheduled_at, id
            """);
        var due = new List<int>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) due.Add(rows.GetInt32(0));
        return due;
    }

    private static Task<DueIssue?> LockDueAsync(NpgsqlConnection connection, int issueId, CancellationToken ct) =>
        LockAsync(connection, issueId, $"scheduled_at <= now() AND NOT {IssueCommands.IsHalted} AND (SELECT may_send())", ct);

    private static async Task<DueIssue?> LockAsync(NpgsqlConnection connection, int issueId, string condition, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT id, slug, content, lists
            FROM issue
            WHERE id = @issue AND state = 'queued' AND {condition}
            FOR UPDATE SKIP LOCKED
            """, connection).With(new NpgsqlParameter("issue", issueId));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetInt32(0), row.GetString(1), IssueContentJson.Deserialize(row.GetString(2)), row.GetFieldValue<short[]>(3)) : null;
    }

    private async Task FreezeContentAsync(NpgsqlConnection connection, DueIssue issue, CancellationToken ct)
    {
        short number = 0;
        foreach (var variant in await VariantsAsync(connection, issue, ct))
        {
            var template = await freezer.FreezeAsync(issue.Slug, issue.Content, variant);
            await using var insert = new NpgsqlCommand(
                """
                INSERT INTO frozen_letter (issue_id, variant, language, legal_basis, format, list_id, template)
                VALUES (@issue, @variant, @language, @basis, @format, @list, @template)
                """, connection).With(
                new("issue", issue.Id), new("variant", number++), new NpgsqlParameter("language", variant.Language), new("basis", variant.LegalBasis),
                new("format", variant.Format), new("list", variant.List!.Id), new("template", template.ToBytes()));
            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task<List<Variant>> VariantsAsync(NpgsqlConnection connection, DueIssue issue, CancellationToken ct)
    {
        var known = (await lists.AllAsync(ct, closed: true)).ToDictionary(list => list.Id);
        var variants = new List<Variant>();
        await using var command = new NpgsqlCommand(
            $"""
            SELECT DISTINCT s.language, a.legal_basis, s.format, a.list_id
            FROM {Audience.Of("@lists")} AS a
            JOIN subscriber AS s ON s.id = a.subscriber_id
            ORDER BY a.list_id, s.language, a.legal_basis, s.format
            """, connection).With(new NpgsqlParameter("lists", issue.Lists));
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            variants.Add(new(rows.GetString(0), rows.GetFieldValue<LegalBasis>(1), rows.GetFieldValue<LetterFormat>(2), known[rows.GetInt16(3)]));
        return variants;
    }

    /// <summary>
    /// One row per person in one statement, however many they are. Who has paused has a row too, which says so: nobody is left out unseen.
    /// </summary>
    private static async Task<int> FreezeAudienceAsync(NpgsqlConnection connection, DueIssue issue, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO delivery (issue_id, subscriber_id, variant, email, name, domain, state, reason, finished_at)
            SELECT @issue, s.id, f.variant, s.email, s.name, s.domain,
                   (CASE WHEN {Audience.IsPaused("s")} THEN 'excluded' ELSE 'waiting' END)::delivery_state,
                   CASE WHEN {Audience.IsPaused("s")} THEN 'paused' END, CASE WHEN {Audience.IsPaused("s")} THEN now() END
            FROM {Audience.Of("@lists")} AS a
            JOIN subscriber AS s ON s.id = a.subscriber_id
            -- Who has come to a combination that is not frozen since stops the planning, which is tried again: nobody is left out unseen.
            LEFT JOIN frozen_letter AS f ON f.issue_id = @issue
                AND (f.language, f.legal_basis, f.format, f.list_id) = (s.language, a.legal_basis, s.format, a.list_id)
            ORDER BY s.id
            """, connection).With(new("issue", issue.Id), new("lists", issue.Lists));
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs of up to 500 deliveries, shorter for small issues, so that every worker gets some.</summary>
    private static async Task CutSlicesAsync(NpgsqlConnection connection, DueIssue issue, int audience, CancellationToken ct)
    {
        const int longest = 500, fewest = 64;
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO slice (issue_id, first_id, last_id, due_at)
            SELECT @issue, min(id), max(id), now()
            FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / @size AS slice
                  FROM delivery
                  WHERE issue_id = @issue) AS numbered
            GROUP BY slice
            ORDER BY slice
            """, connection).With(
            new("issue", issue.Id), new("size", Math.Clamp(audience / fewest, 1, longest)));
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task StartAsync(NpgsqlConnection connection, DueIssue issue, int audience, CancellationToken ct)
    {
        // Nobody to send to: the issue is sent when it starts.
        await using var command = new NpgsqlCommand(
            """
            UPDATE issue
            SET state = (CASE WHEN @audience = 0 THEN 'sent' ELSE 'sending' END)::issue_state,
                started_at = now(),
                finished_at = CASE WHEN @audience = 0 THEN now() END,
                audience = @audience,
                updated_at = now()
            WHERE id = @issue
            """, connection).With(new("issue", issue.Id), new("audience", audience));
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record DueIssue(int Id, string Slug, IssueContent Content, short[] Lists);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Issue {Issue} starts: {Audience} deliveries are frozen")]
        public static partial void Planned(ILogger logger, int issue, int audience);
    }
}
