using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>The newsletter, an open list beside it and a closed one; Kim is on the first two. Nothing else is there when a test begins.</summary>
public abstract class ListFixture : ReaderFixture
{
    protected long Kim { get; private set; }
    protected short Invitations { get; private set; }
    protected short Members { get; private set; }

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("subscriber, sign_up, notice, issue, address_change");
        await Database.EmptyAsync("mailing_list");
        await Database.ExecuteAsync("INSERT INTO mailing_list (id, key, position, is_open) VALUES (1, 'nyhetsbrev', 1, true)");
        Invitations = await Database.ListAsync("inbjudningar", "Inbjudningar");
        Members = await Database.ListAsync("medlemmar", "Medlemsinformation", open: false);
        Kim = await Database.SubscriberAsync("kim@gransele.example");
        await Database.SubscribeAsync(Kim, Invitations);
    }

    /// <summary>Ids of the lists that the person is on.</summary>
    protected Task<string> OnAsync(long id) => Database.ScalarAsync<string>(
        $"SELECT coalesce(string_agg(list_id::text, ' ' ORDER BY list_id), '') FROM subscription WHERE subscriber_id = {id} AND ended_at IS NULL");
}
