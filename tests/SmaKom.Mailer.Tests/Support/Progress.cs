using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Reports;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Turns the crank and looks at what came of it.</summary>
public static class Progress
{
    /// <summary>Starts every issue that is due.</summary>
    public static Task PlanAsync(this TestHost host) => host.Get<IssuePlanner>().PlanDueAsync(default);

    public static async Task<Receipt> ReceiptAsync(this TestDatabase database, int issue) =>
        (await new Receipts(database.Source).ReadAsync(issue, default))!;

    /// <summary>The receipt, once <paramref name="condition"/> holds; each one read on the way must add up.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="atMost"/> (10 min).</exception>
    public static async Task<Receipt> UntilAsync(this TestDatabase database, int issue, Func<Receipt, bool> condition, TimeSpan? atMost = null)
    {
        using var timeout = new CancellationTokenSource(atMost ?? TimeSpan.FromMinutes(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var receipt = await database.ReceiptAsync(issue);
            if (!receipt.AddsUp) throw new InvalidOperationException($"The receipt does not add up: {receipt}");
            if (condition(receipt)) return receipt;
            try
            {
                await look.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Still {receipt}");
            }
        }
    }

    public static Task<Receipt> UntilSettledAsync(this TestDatabase database, int issue, TimeSpan? atMost = null) =>
        database.UntilAsync(issue, receipt => receipt.Audience > 0 && receipt.Waiting == 0, atMost);

    public static async Task<IssueState> StateAsync(this TestDatabase database, int issue) =>
        await database.ScalarAsync<IssueState>("SELECT state FROM issue WHERE id = $1", new Npgsql.NpgsqlParameter { Value = issue });

    public static async Task UntilStateAsync(this TestDatabase database, int issue, IssueState state)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await database.StateAsync(issue) != state) await look.WaitForNextTickAsync(timeout.Token);
    }
}
