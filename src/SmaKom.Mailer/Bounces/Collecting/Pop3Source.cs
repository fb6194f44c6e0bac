using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Mail.Pop3;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>
/// The bounce mailbox over POP3, which knows nothing of seen and unseen: what has been fetched is known by <c>incoming_mail</c>, whose rows stay
/// when their bytes go.
/// </summary>
public sealed class Pop3Source(BounceMailbox bounces, Pop3Mailbox client, NpgsqlDataSource source, IOptions<MailboxOptions> options) : IMailSource
{
    public string Name => options.Value.Source;

    public async Task<int> CollectAsync(Func<CollectedMail, CancellationToken, Task> store, CancellationToken ct)
    {
        var settings = options.Value;
        await using var mailbox = await bounces.OpenAsync(client, ct);
        var letters = await mailbox.ListAsync(ct);
        var (known, kept) = (await KnownAsync([.. letters.Select(letter => letter.Uid)], ct), 0);
        foreach (var letter in letters)
        {
            if (!known.Contains(letter.Uid))
            {
                var fetched = await mailbox.FetchAsync(letter, settings.MaxLetterBytes, ct);
                await store(new(Name, letter.Uid, "mail", null, (int)Math.Min(letter.Size, int.MaxValue), fetched.Bytes), ct);
                kept++;
            }

            if (settings.AfterCollecting == MailboxDuty.Delete) await mailbox.DeleteAsync(letter, ct);
        }

        return kept;
    }

    private async Task<HashSet<string>> KnownAsync(string[] uids, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT key FROM incoming_mail WHERE source = @source AND key = ANY(@keys)").With(
            new("source", Name), new("keys", uids));
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) known.Add(rows.GetString(0));
        return known;
    }
}
