using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Subscribers.Lists;

/// <summary>The lists that there are, and what they are called.</summary>
public sealed class MailingLists(IDbContextFactory<MailerDb> contexts, Theme theme)
{
    /// <summary>In their order.</summary>
    /// <param name="closed">Also those by which nothing goes out any more.</param>
    public async Task<IReadOnlyList<MailingList>> AllAsync(CancellationToken ct, bool closed = false)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.MailingLists.AsNoTracking().Where(list => closed || list.ClosedAt == null).OrderBy(list => list.Position)
            .ThenBy(list => list.Id).ToListAsync(ct);
    }

    /// <summary>Those that anybody may sign up for, in their order.</summary>
    public async Task<IReadOnlyList<MailingList>> OpenAsync(CancellationToken ct) => [.. (await AllAsync(ct)).Where(list => list.IsOpen)];

    /// <summary>How many are on each list, of those whose address is active.</summary>
    public async Task<IReadOnlyDictionary<short, int>> PeopleAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.ListSubscriptions
            .Where(s => s.EndedAt == null && db.Subscribers.Any(p => p.Id == s.SubscriberId && p.Status == SubscriberStatus.Active))
            .GroupBy(s => s.ListId).ToDictionaryAsync(on => on.Key, on => on.Count(), ct);
    }

    /// <summary>The names of these lists with commas between; null where there is one list only, of which nobody need speak.</summary>
    public async Task<string?> NamesOfAsync(IReadOnlyCollection<short> ids, CancellationToken ct)
    {
        var all = await AllAsync(ct, closed: true);
        return all.Count == 1 ? null : string.Join(", ", all.Where(list => ids.Contains(list.Id)).Select(NameOf));
    }

    public string NameOf(MailingList list) => list.Name ?? theme.NewsletterName;
}
