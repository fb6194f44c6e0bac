using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>The bounce mailbox over IMAP: unseen letters, by their numbers.</summary>
public sealed class ImapSource(BounceMailbox mailbox, IOptions<MailboxOptions> options) : IMailSource
{
    private const int AtOnce = 100;

    // Letters that a server would not give out stand last the next time, so that one of them does not hold up the others.
    private readonly HashSet<LetterId> stubborn = [];

    public string Name => options.Value.Source;

    public async Task<int> CollectAsync(Func<CollectedMail, CancellationToken, Task> store, CancellationToken ct)
    {
        await using var folder = await mailbox.OpenAsync(ct);
        var kept = 0;
        while (await folder.UnseenAsync(AtOnce, ct) is { Count: > 0 } letters)
        {
            var keptNow = new List<LetterId>();
            foreach (var letter in letters.OrderBy(letter => stubborn.Contains(letter.Id)))
                if (await FetchAsync(folder, letter, ct) is { } fetched)
                {
                    await store(new(Name, $"{letter.Id}", "mail", null, (int)Math.Min(letter.Size, int.MaxValue), fetched.Bytes), ct);
                    keptNow.Add(letter.Id);
                }

            kept += keptNow.Count;
            var ticked = 0;
            foreach (var id in keptNow) ticked += await TickOffAsync(folder, id, ct) ? 1 : 0;
            // All there was; or what cannot be ticked off would be listed again, and for ever.
            if (letters.Count < AtOnce || ticked == 0) break;
        }

        return kept;
    }

    private async Task<FetchedLetter?> FetchAsync(IMailFolder folder, FolderLetter letter, CancellationToken ct)
    {
        try
        {
            return await folder.FetchAsync(letter.Id, mailbox.MaxLetterBytes, ct);
        }
        catch (RelayException)
        {
            stubborn.Add(letter.Id);
            throw;
        }
    }

    private Task<bool> TickOffAsync(IMailFolder folder, LetterId id, CancellationToken ct) => options.Value.AfterCollecting switch
    {
        MailboxDuty.Delete => folder.DeleteAsync(id, ct),
        MailboxDuty.Move => folder.MoveAsync(id, options.Value.MoveTo, ct),
        _ => folder.MarkSeenAsync(id, ct),
    };
}
