using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Archive;

/// <summary>One person's letter on the web. People pass its address on: it has none of the links that have power over the subscription.</summary>
public sealed record PersonalLetter(ArchivedIssue Issue, string Language, string Html);

/// <summary>Finds the letter behind <c>/brev/{token}</c>.</summary>
public sealed class PersonalLetters(IssueArchive archive, IssueRenderer renderer, LinkSigner signer, IDbContextFactory<MailerDb> contexts)
{
    /// <summary>Null when the link is not ours or the issue was never sent. Whoever has been erased gets the public page's letter.</summary>
    public async Task<PersonalLetter?> FindAsync(string token, CancellationToken ct)
    {
        if (!signer.TryRead(LinkPurpose.Letter, token, out var who) || await archive.FindSentAsync(who.IssueId, ct) is not { } issue) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var reader = await db.Subscribers.AsNoTracking()
            .FirstOrDefaultAsync(s => s.Id == who.SubscriberId && s.Status != SubscriberStatus.Erased, ct);
        var basis = await db.ListSubscriptions.Where(p => p.SubscriberId == who.SubscriberId && p.ListId == who.ListId)
            .Select(p => (LegalBasis?)p.LegalBasis).FirstOrDefaultAsync(ct);
        var list = await db.MailingLists.AsNoTracking().FirstOrDefaultAsync(l => l.Id == who.ListId, ct);
        var html = reader is null
            ? await renderer.RenderArchiveAsync(issue.Content, "sv")
            : await renderer.RenderBrowserAsync(issue.Content, new(reader.Language, basis ?? reader.LegalBasis, reader.Format, list));
        return new(issue, reader?.Language ?? "sv", html);
    }
}
