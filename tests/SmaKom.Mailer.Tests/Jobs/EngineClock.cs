using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Jobs;

/// <summary>How time passes in a test of Hangfire, which goes by the machine's clock alone.</summary>
internal sealed class EngineClock(TestDatabase database)
{
    // From the first look on: a busy machine may need seconds to plan all runs of a test.
    private readonly Lazy<DateTimeOffset> start = new(() => TimeProvider.System.GetUtcNow());

    /// <summary>A time ahead, in whole seconds of a test's life; a later step is later.</summary>
    public DateTimeOffset At(int step) => start.Value.AddSeconds(4 * step);

    /// <summary>That time has passed while nobody ran anything.</summary>
    public async Task PassAsync(int step)
    {
        var left = At(step).AddSeconds(1) - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero) await Task.Delay(left);
    }

    /// <summary>Nobody can wait for days: what Hangfire has noted of recurring jobs' times is moved into the past by as much.</summary>
    public Task PassDaysAsync(int days) => database.ExecuteAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"""
        UPDATE hangfire.hash
        SET value = (value::bigint - {days} * 86400000::bigint)::text
        WHERE key LIKE 'recurring-job:%' AND field IN ('CreatedAt', 'LastExecution', 'NextExecution') AND value <> '';
        UPDATE hangfire.set
        SET score = score - {days} * 86400
        WHERE key = 'recurring-jobs' AND score > 0
        """));
}
