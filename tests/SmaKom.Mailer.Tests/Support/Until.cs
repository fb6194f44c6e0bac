namespace SmaKom.Mailer.Tests.Support;

public static class Until
{
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
                throw new TimeoutException($"Still not: {sql}");
            }
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
