using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Subscribers;

public static class SubscriberSearch
{
    /// <summary>Those who are on the list now; all if it is null.</summary>
    public static IQueryable<Subscriber> OnList(this IQueryable<Subscriber> subscribers, MailerDb db, short? list) => list is null ? subscribers
        : subscribers.Where(s => db.ListSubscriptions.Any(p => p.SubscriberId == s.Id && p.ListId == list && p.EndedAt == null));

    /// <summary>Those whose address, name or municipality contains the text, in any case; all if there is none. Erased rows hold nobody.</summary>
    public static IQueryable<Subscriber> Matching(this IQueryable<Subscriber> subscribers, string? text)
    {
        subscribers = subscribers.Where(s => s.Status != SubscriberStatus.Erased);
        if (string.IsNullOrWhiteSpace(text)) return subscribers;
        var pattern = $"%{text.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        return subscribers.Where(s => EF.Functions.ILike(s.Email, pattern) || EF.Functions.ILike(s.Name!, pattern) || EF.Functions.ILike(s.Municipality!, pattern));
    }
}
