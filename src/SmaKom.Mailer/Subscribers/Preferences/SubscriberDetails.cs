using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.Preferences;

/// <summary>What a person may change about their own subscription.</summary>
public sealed record DetailsChange(string? Name, string? Municipality, string Language, LetterFormat Format);

/// <summary>A person's own details, behind the link in their letters.</summary>
public sealed class SubscriberDetails(IDbContextFactory<MailerDb> contexts, DatabaseClock time)
{
    /// <summary>Null: nobody is behind the link any more.</summary>
    public async Task<Subscriber?> FindAsync(long subscriberId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Subscribers.AsNoTracking()
            .Where(s => s.Id == db.Subscribers.Where(linked => linked.Id == subscriberId).Select(linked => linked.SameAs ?? linked.Id).First())
            .FirstOrDefaultAsync(s => s.Status != SubscriberStatus.Erased, ct);
    }

    /// <summary>Saves, and notes which fields were changed (never their values: the log outlives them).</summary>
    public async Task ChangeAsync(long subscriberId, DetailsChange change, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subscriber = await db.Subscribers.FirstAsync(s => s.Id == subscriberId, ct);
        subscriber.Name = change.Name;
        subscriber.Municipality = change.Municipality;
        subscriber.Language = change.Language;
        subscriber.Format = change.Format;
        var fields = db.Entry(subscriber).Properties.Where(p => p.IsModified).Select(p => p.Metadata.GetColumnName()).ToArray();
        if (fields.Length == 0) return;
        db.SubscriberEvents.Add(new()
        {
            SubscriberId = subscriberId,
            At = time.GetUtcNow(),
            Kind = SubscriberEventKind.Changed,
            Detail = JsonSerializer.SerializeToDocument(new { by = "self", fields }),
        });
        await db.SaveChangesAsync(ct);
    }
}
