using Microsoft.EntityFrameworkCore;

namespace SmaKom.Mailer.Subscribers;

public static class SubscriberSearch
{
    /// <summary>Those whose address, name or municipality contains the text, in any case; all if there is none. Erased rows hold nobody.</summary>
    public static IQueryable<Subscriber> Matching(this IQueryable<Subscriber> subscribers, string? text)
    {
        subscribers = subscribers.Where(s => s.Status != SubscriberStatus.Erased);
        if (string.IsNullOrWhiteSpace(text)) return subscribers;
        var pattern = $"%{text.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        return subscribers.Where(s => EF.Functions.ILike(s.Email, pattern) || EF.Functions.ILike(s.Name!, pattern) || EF.Functions.ILike(s.Municipality!, pattern));
    }
}
