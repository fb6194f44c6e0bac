using System.Globalization;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Schedule;

/// <summary>How time passes in a test of an engine. Hangfire goes by the machine's clock alone.</summary>
internal abstract class EngineClock
{
    public static EngineClock Of(TestDatabase database) => new Real(database);

    /// <summary>The clock that nodes are given.</summary>
    public abstract TimeProvider Provider { get; }

    /// <summary>A time ahead; a later step is later.</summary>
    public abstract DateTimeOffset At(int step);

    /// <summary>That time has come, or comes in the seconds in which a test waits for a ring.</summary>
    public abstract void Reach(int step);

    /// <summary>That time has passed while nobody rang.</summary>
    public abstract Task PassAsync(int step);

    /// <summary>Days pass, for recurring jobs.</summary>
    public abstract Task PassDaysAsync(int days);

    private sealed class Real(TestDatabase database) : EngineClock
    {
        // From the first look on: a busy machine may need seconds to set all alarms of a test.
        private readonly Lazy<DateTimeOffset> start = new(() => TimeProvider.System.GetUtcNow());

        public override TimeProvider Provider => TimeProvider.System;

        public override DateTimeOffset At(int step) => start.Value.AddSeconds(4 * step);

        public override void Reach(int step)
        {
        }

        public override async Task PassAsync(int step)
        {
            var left = At(step).AddSeconds(1) - Provider.GetUtcNow();
            if (left > TimeSpan.Zero) await Task.Delay(left);
        }

        // Nobody can wait for days: what Hangfire has noted of times is moved into the past by as much.
        public override Task PassDaysAsync(int days) => database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
            $"""
            UPDATE hangfire.hash
            SET value = (value::bigint - {days} * 86400000::bigint)::text
            WHERE key LIKE 'recurring-job:%' AND field IN ('CreatedAt', 'LastExecution', 'NextExecution') AND value <> '';
            UPDATE hangfire.set
            SET score = score - {days} * 86400
            WHERE key = 'recurring-jobs' AND score > 0
            """));
    }
}
