namespace SmaKom.Mailer.Tests.Support;

public static class Until
{
    // What a test that waited in vain is asked about.
    private const string Standing =
        """
        SELECT jsonb_pretty(jsonb_build_object(
            'now', now(),
            'relays', (SELECT jsonb_agg(to_jsonb(r) - 'password_protected') FROM relay AS r),
            'halts', (SELECT jsonb_agg(h) FROM halt AS h),
            'issues', (SELECT jsonb_agg(jsonb_build_array(i.id, i.state, i.scheduled_at, i.started_at, i.finished_at)) FROM issue AS i),
            'notices', (SELECT jsonb_agg(to_jsonb(n) - 'payload' ORDER BY n.id) FROM (SELECT * FROM notice ORDER BY id DESC LIMIT 10) AS n),
            'letters', (SELECT jsonb_agg(jsonb_build_array(c.issue_id, c.state, c.count))
                        FROM (SELECT issue_id, state, count(*) FROM delivery GROUP BY issue_id, state) AS c)))
        """;

    /// <summary>Completes when the query says true.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="atMost"/> (10 min).</exception>
    public static async Task UntilAsync(this TestDatabase database, string sql, TimeSpan? atMost = null)
    {
        using var timeout = new CancellationTokenSource(atMost ?? TimeSpan.FromMinutes(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await database.ScalarAsync<bool>(sql))
        {
            try
            {
                await look.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Still not: {sql}\n{await StandingAsync(database)}");
            }
        }
    }

    private static async Task<string> StandingAsync(TestDatabase database)
    {
        try
        {
            return await database.ScalarAsync<string>(Standing);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException)
        {
            return e.Message;
        }
    }

    /// <summary>Completes when the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within 10 minutes.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("Still not so");
            }
        }
    }
}
