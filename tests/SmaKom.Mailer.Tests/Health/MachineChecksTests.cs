using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>The machine's disk and clock.</summary>
public sealed class MachineChecksTests : CheckupFixture
{
    [TestCase(500L << 20, 100L << 30, true)]
    [TestCase(2L << 30, 100L << 30, false)]
    [TestCase(500L << 20, 2L << 30, false)]
    public void A_disk_is_nearly_full_below_a_gigabyte_and_a_tenth(long free, long total, bool full) =>
        Assert.That(MachineChecks.IsNearlyFull(free, total), Is.EqualTo(full));

    [Test]
    public void A_nearly_full_disk_is_told_of_by_its_name_and_what_is_left()
    {
        var found = MachineChecks.Full([("/", 500L << 20, 100L << 30), ("/data", 50L << 30, 100L << 30)]).ToList();

        Assert.That(found.Select(finding => finding.Kind), Is.EqualTo(new[] { FindingKind.DiskNearlyFull }));
        Assert.That(found[0].Facts, Is.EqualTo(new object[] { "/", 500L }));
    }

    [TestCase(40, true)]
    [TestCase(-40, true)]
    [TestCase(5, false)]
    public async Task A_clock_that_is_half_a_minute_off_is_found(int seconds, bool off)
    {
        var time = new JumpingTime();
        await using var desk = await TestHost.StartAsync(Database, builder => builder.Services.AddSingleton<TimeProvider>(time), [.. Earnest, ("Roles", "web")]);

        time.Jump(TimeSpan.FromSeconds(seconds));

        Assert.That((await KindsAsync(desk)).Contains(FindingKind.ClockOff), Is.EqualTo(off));
    }
}
