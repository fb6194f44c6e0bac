using Npgsql;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>A letter of ours that somebody gives back.</summary>
/// <param name="SubscriberId">Null: a mail to somebody who is no subscriber yet.</param>
/// <param name="IssueId">Null: a single mail, <see cref="NoticeId"/>.</param>
/// <param name="Email">The address that it went to.</param>
public sealed record ReturnedLetter(long? SubscriberId, int? IssueId, long? NoticeId, string Email, DateTimeOffset SentAt);

/// <summary>
/// Finds whose letter a mail gives back, by what we signed: the return path that it was sent to or that it quotes, or our Message-ID in what it
/// quotes. An address in it never counts, and a token of a letter that was sent longer than <see cref="Valid"/> ago does not either.
/// </summary>
public sealed class WhoseLetter(LinkSigner signer, NpgsqlDataSource source)
{
    /// <summary>How long after its letter a return path is believed.</summary>
    public static readonly TimeSpan Valid = TimeSpan.FromDays(30);

    /// <param name="sentTo">The envelope's recipient; null: not known.</param>
    /// <returns>Null and why: nothing in it is ours, or it is too old.</returns>
    public async Task<(ReturnedLetter? Letter, string? Problem)> FindAsync(
        ReturnedMail mail, string? sentTo, DateTimeOffset receivedAt, CancellationToken ct)
    {
        var problem = "no_token";
        foreach (var address in mail.SentTo.Concat(mail.ReturnPaths).Prepend(sentTo ?? ""))
        {
            if (ReturnAddresses.TokenOf(address) is not { } token) continue;
            problem = "forged";
            if (signer.TryRead(LinkPurpose.ReturnPath, token, out var who) && await SentAsync(who, ct) is { } letter)
                return IsRecent(letter, receivedAt) ? (letter, null) : (null, "old");
        }

        // Whoever makes up a return path of ours is not believed in anything else either.
        if (problem == "forged") return (null, problem);
        foreach (var id in mail.MessageIds)
        {
            var local = id.Split('@')[0];
            var letter = signer.TryRead(LinkPurpose.MessageId, local, out var who) ? await SentAsync(who, ct)
                : Guid.TryParseExact(local, "N", out var key) ? await NoticeAsync("message_key = @key", new("key", key), ct) : null;
            if (letter is not null) return IsRecent(letter, receivedAt) ? (letter, null) : (null, "old");
        }

        return (null, problem);
    }

    private static bool IsRecent(ReturnedLetter letter, DateTimeOffset receivedAt) => receivedAt - letter.SentAt <= Valid;

    private async Task<ReturnedLetter?> SentAsync(LinkSubject who, CancellationToken ct)
    {
        if (who.IssueId == LinkSubject.OfNotice) return await NoticeAsync("id = @key", new("key", who.SubscriberId), ct);
        // Letters of before single mails had numbers of their own: the person's last one.
        if (who.IssueId == 0)
            return who.SubscriberId == 0 ? null
                : await NoticeAsync("subscriber_id = @key ORDER BY id DESC LIMIT 1", new("key", who.SubscriberId), ct);
        await using var select = source.CreateCommand(
            """
            SELECT email, last_attempt_at
            FROM delivery
            WHERE issue_id = @issue AND subscriber_id = @subscriber AND last_attempt_at IS NOT NULL
            """).With(new("issue", who.IssueId), new("subscriber", who.SubscriberId));
        await using var row = await select.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(who.SubscriberId, who.IssueId, null, row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    private async Task<ReturnedLetter?> NoticeAsync(string which, NpgsqlParameter key, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            $"SELECT id, subscriber_id, email, COALESCE(finished_at, created_at) FROM notice WHERE {which}").With(key);
        await using var row = await select.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.IsDBNull(1) ? null : row.GetInt64(1), null, row.GetInt64(0), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)) : null;
    }
}
