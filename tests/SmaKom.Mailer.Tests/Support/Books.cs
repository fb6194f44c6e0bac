using SmaKom.Mailer.Deliveries;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>What the database says of an issue, held against what the relay has.</summary>
/// <param name="Lost">Accepted in the database, and the relay has no copy.</param>
/// <param name="Doubled">The relay has two copies or more.</param>
/// <param name="Stray">Surely not accepted by the database, and the relay has a copy.</param>
public sealed record Books(IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled, IReadOnlyList<string> Stray)
{
    public static async Task<Books> CompareAsync(TestDatabase database, int issue, FakeRelay relay)
    {
        var copies = relay.Messages.CountBy(message => message.Recipient).ToDictionary();
        var (lost, stray, known) = (new List<string>(), new List<string>(), new HashSet<string>());
        await using var command = database.Source.CreateCommand("SELECT email, state FROM delivery WHERE issue_id = $1");
        command.Parameters.Add(new() { Value = issue });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var (email, state) = (rows.GetString(0), rows.GetFieldValue<DeliveryState>(1));
            known.Add(email);
            if (state == DeliveryState.Accepted && !copies.ContainsKey(email)) lost.Add(email);
            if (state is not (DeliveryState.Accepted or DeliveryState.Unknown or DeliveryState.Sending) && copies.ContainsKey(email))
                stray.Add(email);
        }

        return new(lost, [.. copies.Where(copy => copy.Value > 1 && known.Contains(copy.Key)).Select(copy => copy.Key)], stray);
    }

    /// <summary>Nobody lost, nobody doubled, and the receipt tells the truth of everyone of whom it is sure.</summary>
    public static async Task AssertBalancedAsync(TestDatabase database, int issue, FakeRelay relay)
    {
        var books = await CompareAsync(database, issue, relay);
        Assert.Multiple(() =>
        {
            Assert.That(books.Lost, Is.Empty, "lost");
            Assert.That(books.Doubled, Is.Empty, "doubled");
            Assert.That(books.Stray, Is.Empty, "delivered, though the receipt says no");
        });
    }
}
