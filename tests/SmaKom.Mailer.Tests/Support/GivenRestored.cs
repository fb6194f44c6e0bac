namespace SmaKom.Mailer.Tests.Support;

/// <summary>Databases that the service does not find as it left them, without the minutes that a dump takes.</summary>
public static class GivenRestored
{
    /// <summary>Signs of life often, so that a test soon knows that a worker has looked.</summary>
    public static readonly (string, string) OftenAlive = ("Schedule:CheckInInterval", "00:00:00.1");

    /// <summary>As if the service had been here until a moment ago.</summary>
    public static Task MetAsync(this TestDatabase database, string ago = "1 minute") => database.ExecuteAsync(
        $"""
        UPDATE database_identity AS i
        SET system_identifier = p.system_identifier, timeline = p.timeline, database_oid = p.database_oid, table_oid = i.tableoid,
            met_at = now() - interval '30 days', last_active_at = now() - interval '{ago}'
        FROM present_database() AS p
        """);

    /// <summary>As if this were a copy of a database in which the service was alive until <paramref name="ago"/>.</summary>
    public static async Task RestoredAsync(this TestDatabase database, string ago = "1 hour")
    {
        await database.MetAsync(ago);
        await database.ExecuteAsync("UPDATE database_identity SET database_oid = 1");
    }

    /// <summary>An issue in the middle of going out: 40 of 100 people have it, at two a second, <paramref name="ago"/>.</summary>
    public static async Task<int> HalfSentAsync(this TestDatabase database, string slug = "2026-11", string ago = "1 hour")
    {
        var issue = await database.IssueAsync(slug, queued: true);
        await database.SubscribersAsync(100, $"h{issue}-");
        await using (var desk = await TestHost.StartAsync(database, ("Roles", "web"))) await desk.PlanAsync();
        await database.ExecuteAsync(
            $"""
            UPDATE delivery AS d
            SET state = 'accepted', attempts = 1, last_attempt_at = now() - interval '{ago}',
                finished_at = now() - interval '{ago}' - (41 - n) * interval '0.5 seconds'
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM delivery WHERE issue_id = {issue}) AS numbered
            WHERE d.id = numbered.id AND n <= 40;
            UPDATE issue SET updated_at = now() - interval '{ago}' - interval '1 minute' WHERE id = {issue}
            """);
        return issue;
    }

    /// <summary>Completes when workers have said so many times that they live, so have looked for work.</summary>
    public static async Task UntilLookedAsync(this TestDatabase database, int times = 15)
    {
        var before = await database.ScalarAsync<long>("SELECT beats FROM database_identity");
        await database.UntilAsync($"SELECT beats > {before + times} FROM database_identity");
    }
}
