using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Subscribers;

/// <summary>How many an issue would go to if it started now.</summary>
public sealed class AudienceCount(IDbContextFactory<MailerDb> contexts)
{
    public async Task<int> CountAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Subscribers.CountAsync(s => s.Status == SubscriberStatus.Active, ct);
    }
}
