using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Findings;
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

    [TestCase(8, true)]
    [TestCase(-8, true)]
    [TestCase(2, false)]
    public async Task A_clock_that_is_more_than_five_seconds_off_is_found(int seconds, bool off)
    {
        var time = new JumpingTime();
        await using var desk =
            await TestHost.StartAsync(Database, builder => builder.Services.AddSingleton<TimeProvider>(time), [.. Earnest, ("Roles", "web")]);

        time.Jump(TimeSpan.FromSeconds(seconds));

        Assert.That((await KindsAsync(desk)).Contains(FindingKind.ClockOff), Is.EqualTo(off));
    }

    [Test]
    public async Task A_worker_whose_clock_is_off_is_named()
    {
        await using var desk = await StartCommandsAsync();
        await Database.ExecuteAsync(
            """
            INSERT INTO worker (id, name, started_at, heartbeat_at, stopped_at, clock_ahead)
            VALUES (gen_random_uuid(), 'lagom/1', now(), now(), NULL, '4 seconds'), (gen_random_uuid(), 'snabb/2', now(), now(), NULL, '1 hour'),
                   (gen_random_uuid(), 'sen/3', now(), now(), NULL, '-6 seconds'), (gen_random_uuid(), 'borta/4', now(), now(), now(), '1 hour')
            """);

        var found = (await desk.Get<Checkup>().LookAsync(default)).Where(finding => finding.Kind == FindingKind.ClockOff);

        Assert.That(found.Select(finding => (finding.Facts[0], finding.Facts[1])),
            Is.EqualTo(new (object, object)[] { ("sen/3", TimeSpan.FromSeconds(-6)), ("snabb/2", TimeSpan.FromHours(1)) }));
    }
}
