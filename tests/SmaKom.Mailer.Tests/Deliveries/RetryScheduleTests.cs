using Microsoft.Extensions.Options;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Deliveries;

/// <summary>When a deferred letter is tried again, with the settings as they come (RFC 5321 §4.5.4.1).</summary>
public sealed class RetryScheduleTests
{
    [Test]
    public void Two_retries_in_the_first_hour_then_every_two_to_four_hours_for_four_days()
    {
        var waits = Waits(new()).ToList();

        Assert.That(waits[0] + waits[1], Is.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        Assert.That(waits[1], Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(30)));
        Assert.That(waits.Skip(2), Has.All.InRange(TimeSpan.FromHours(2), TimeSpan.FromHours(4)));
        var whole = waits.Aggregate((sum, wait) => sum + wait);
        Assert.That(whole, Is.InRange(TimeSpan.FromDays(4) - TimeSpan.FromHours(4), TimeSpan.FromDays(4)), "then the person counts as refused");
    }

    [Test]
    public void Letters_deferred_together_do_not_come_back_in_a_herd()
    {
        var time = new ManualTime();
        var schedule = new RetrySchedule(Options.Create(new DispatchOptions()), new DatabaseClock(time));
        var retries = Enumerable.Range(0, 200).Select(_ => schedule.NextAttempt(4, time.GetUtcNow())!.Value - time.GetUtcNow()).ToList();

        Assert.That(retries, Has.All.InRange(TimeSpan.FromHours(3), TimeSpan.FromHours(3.6)), "never earlier, a fifth later at most");
        Assert.That(retries.Max() - retries.Min(), Is.GreaterThan(TimeSpan.FromMinutes(20)));
    }

    [Test]
    public void Settings_decide()
    {
        var waits = Waits(new()
        {
            RetryAfter = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)],
            RetryJitter = 0,
            GiveUpAfter = TimeSpan.FromMinutes(35)
        });
        Assert.That(waits.Select(wait => wait.TotalMinutes), Is.EqualTo(new[] { 1, 10, 10, 10 }));
    }

    private static IEnumerable<TimeSpan> Waits(DispatchOptions options)
    {
        var time = new ManualTime();
        var schedule = new RetrySchedule(Options.Create(options), new DatabaseClock(time));
        var first = time.GetUtcNow();
        for (var attempts = 1; schedule.NextAttempt(attempts, first) is { } next; attempts++)
        {
            yield return next - time.GetUtcNow();
            time.Advance(next - time.GetUtcNow());
        }
    }
}
