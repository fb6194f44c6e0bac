using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Jobs;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Deliveries;

public sealed class LetterPrefetchTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    private TestDatabase database = null!;
    private TestHost host = null!;
    private LetterWriter writer = null!;
    private SettableTime time = null!;
    private LetterPrefetch letters = null!;
    private IReadOnlyList<ClaimedDelivery> people = [];

    [SetUp]
    public async Task PlanAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.SubscribersAsync(3);
        await database.IssueAsync(queued: true);
        host = await TestHost.StartAsync(database, ("Roles", "web"));
        await host.PlanAsync();
        (writer, time) = (host.Get<LetterWriter>(), new SettableTime(Start));
        letters = new LetterPrefetch(writer, new DatabaseClock(time));
        var slices = host.Get<Slices>();
        var all = new List<ClaimedDelivery>();
        foreach (var slice in await slices.ClaimAsync(Guid.NewGuid(), 3, default)) all.AddRange(await slices.ReadAsync(slice, default));
        people = all;
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_letter_written_ahead_leaves_the_one_under_way_as_it_is_and_is_the_next()
    {
        var first = await letters.WriteAsync(people[0], letters.FirstAttemptOf(people[0]), default);
        var before = first.ToArray();
        await letters.WriteAheadAsync(people[1], default);
        Assert.That(first.ToArray(), Is.EqualTo(before));

        time.Set(Start.AddSeconds(5));
        Assert.That(letters.FirstAttemptOf(people[1]), Is.EqualTo(Start), "dated when it was written");
        var second = await letters.WriteAsync(people[1], Start, default);
        Assert.That(second.ToArray(), Is.EqualTo(await AnewAsync(people[1], Start)));
    }

    [Test]
    public async Task After_a_rest_the_letter_is_dated_anew()
    {
        await letters.WriteAheadAsync(people[1], default);
        time.Set(Start.AddMinutes(1));

        var first = letters.FirstAttemptOf(people[1]);
        Assert.That(first, Is.EqualTo(Start.AddMinutes(1)));
        Assert.That((await letters.WriteAsync(people[1], first, default)).ToArray(), Is.EqualTo(await AnewAsync(people[1], first)));
    }

    [Test]
    public async Task Whoever_comes_instead_gets_their_own_letter()
    {
        await letters.WriteAheadAsync(people[1], default);

        Assert.That((await letters.WriteAsync(people[2], Start, default)).ToArray(), Is.EqualTo(await AnewAsync(people[2], Start)));
        Assert.That((await letters.WriteAsync(people[1], Start, default)).ToArray(), Is.EqualTo(await AnewAsync(people[1], Start)));
    }

    [Test]
    public async Task What_cannot_be_written_says_so_at_its_own_turn()
    {
        var bad = people[1] with { Email = "ingen\nalls@kommun.example" };
        await letters.WriteAheadAsync(bad, default);

        Assert.That(async () => await letters.WriteAsync(bad, Start, default), Throws.InstanceOf<MimeException>());
    }

    private async Task<byte[]> AnewAsync(ClaimedDelivery delivery, DateTimeOffset first) =>
        (await writer.WriteAsync(delivery, first, new LetterBuffer(), default)).ToArray();
}
