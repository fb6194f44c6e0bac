using MailKit;
using MailKit.Search;

namespace SmaKom.Mailer.Mail.Imap;

internal sealed class ImapMailFolder(ImapSession session, global::MailKit.IMailFolder folder) : IMailFolder
{
    // The server tells of a new numbering also in the middle of a session.
    public uint Validity => folder.UidValidity;

    public Task<IReadOnlyList<FolderLetter>> UnseenAsync(int most, CancellationToken ct) => session.AskAsync<IReadOnlyList<FolderLetter>>(async () =>
    {
        var unseen = await folder.SearchAsync(SearchQuery.NotSeen.And(SearchQuery.NotDeleted));
        UniqueId[] first = [.. unseen.Order().Take(most)];
        if (first.Length == 0)
            return [];
        var letters = await folder.FetchAsync(first, MessageSummaryItems.UniqueId | MessageSummaryItems.Size);
        return [.. letters.OrderBy(letter => letter.UniqueId)
            .Select(letter => new FolderLetter(new(Validity, letter.UniqueId.Id), letter.Size ?? 0))];
    }, ct);

    public Task<FetchedLetter?> FetchAsync(LetterId id, int most, CancellationToken ct) => session.AskAsync(async () =>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (id.Validity != Validity)
            return null;
        session.Expect(most + 1L);
        try
        {
            // One octet more than may be, to see whether there are any.
            await using var bytes = await folder.GetStreamAsync(new UniqueId(id.Uid), 0, most < int.MaxValue ? most + 1 : most);
            var letter = new byte[Math.Min(bytes.Length, most)];
            await bytes.ReadExactlyAsync(letter);
            return new FetchedLetter(letter, bytes.Length <= most);
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
    }, ct);

    public Task<bool> MarkSeenAsync(LetterId id, CancellationToken ct) =>
        ChangeAsync(id, uid => folder.StoreAsync(uid, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Seen) { Silent = true }), ct);

    public Task<bool> MoveAsync(LetterId id, string target, CancellationToken ct) =>
        ChangeAsync(id, async uid => await folder.MoveToAsync(uid, await session.Client.GetFolderAsync(target)), ct);

    public Task<bool> DeleteAsync(LetterId id, CancellationToken ct) => ChangeAsync(id, async uid =>
    {
        await folder.StoreAsync(uid, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted) { Silent = true });
        // Only this one: what somebody else has marked as deleted is somebody else's.
        await folder.ExpungeAsync([uid]);
    }, ct);

    public ValueTask DisposeAsync() => session.LogOutAsync();

    // A server says OK to a change of a number that nothing has: it is looked for first.
    private Task<bool> ChangeAsync(LetterId id, Func<UniqueId, Task> change, CancellationToken ct) => session.AskAsync(async () =>
    {
        if (id.Validity != Validity)
            return false;
        var uid = new UniqueId(id.Uid);
        if ((await folder.SearchAsync(SearchQuery.Uids([uid]))).Count == 0)
            return false;
        await change(uid);
        return true;
    }, ct);
}
