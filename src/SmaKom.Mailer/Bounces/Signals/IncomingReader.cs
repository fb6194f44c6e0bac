using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Bounces.Collecting.Webhooks;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Bounces.Signals.Consequences;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Bounces.Signals;

/// <summary>A collected mail that nobody has understood yet.</summary>
public sealed record WaitingMail(long Id, string Format, string? SentTo, DateTimeOffset ReceivedAt, byte[] Bytes, short Tries);

/// <summary>One collected mail: what it is, whose letter it gives back, and what follows, in one transaction with the mail's new state.</summary>
public sealed class IncomingReader(
    NpgsqlDataSource source, WhoseLetter letters, SignalRecorder recorder, LeaveByMail leave, AskStaff ask, NoticeReturns notices)
{
    public async Task ReadAsync(WaitingMail waiting, CancellationToken ct)
    {
        var mail = await Task.Run(
            () => waiting.Format == "mail" ? ReturnReader.Read(waiting.Bytes, ct) : ProviderEvent.Read(waiting.Format, waiting.Bytes), ct);
        if (await leave.TryAsync(mail, ct) is { } left)
        {
            await EndAsync(waiting.Id, "read", "unsubscribe", null, left, null, ct);
            return;
        }

        var (letter, problem) = await letters.FindAsync(mail, waiting.SentTo, waiting.ReceivedAt, ct);
        var kind = Word(mail.Kind);
        if (letter is null)
        {
            // A person or a machine who writes to us without a word of a letter is for whoever reads the mailbox.
            var acts = mail.Kind is ReturnKind.Bounce or ReturnKind.Complaint;
            await EndAsync(waiting.Id, acts ? "unclear" : "read", kind, acts ? problem : null, null, null, ct);
            return;
        }

        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await EndAsync(connection, waiting.Id, "read", kind, null, letter.SubscriberId, letter.IssueId, ct))
            await FollowAsync(connection, waiting, mail, letter, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task FollowAsync(NpgsqlConnection connection, WaitingMail waiting, ReturnedMail mail, ReturnedLetter letter, CancellationToken ct)
    {
        if (mail is { Kind: ReturnKind.AutoReply, HasLeft: true } && letter.SubscriberId is { } gone)
            await ask.HasLeftAsync(connection, gone, waiting.ReceivedAt, ct);
        if (mail.Kind is not (ReturnKind.Bounce or ReturnKind.Complaint)) return;
        var said = mail.Kind == ReturnKind.Complaint
            ? new(null, BounceClass.Complaint, null, null, "", false, "complaint") : OfOne(mail.Recipients, letter.Email);
        if (said is null) return;
        if (letter.NoticeId is { } notice) await notices.ApplyAsync(connection, notice, said, ct);
        if (letter.SubscriberId is not { } subscriber) return;
        await recorder.RecordAsync(
            connection, new(subscriber, letter.IssueId, waiting.ReceivedAt, said) { IncomingMailId = waiting.Id }, ct);
    }

    /// <summary>
    /// A letter of ours has one recipient. A report that names several, or another, is of somebody whom it was passed on to: the address that we
    /// know took it, so what is said is doubtful at most.
    /// </summary>
    private static ReturnedRecipient? OfOne(IReadOnlyList<ReturnedRecipient> recipients, string email)
    {
        var ours = EmailAddress.TryParse(email, out var address, out _) ? address : null;
        if (recipients.FirstOrDefault(r => r.Address is { } named && EmailAddress.TryParse(named, out var other, out _) && other.Key == ours?.Key)
            is { } same) return same;
        var least = recipients.OrderBy(r => Weight(r.Class)).FirstOrDefault();
        var isElsewhere = ours is not null && least?.Address is { } elsewhere && EmailAddress.TryParse(elsewhere, out var known, out _)
            && known.Domain != ours.Domain;
        return isElsewhere && least!.Class == BounceClass.Hard ? least with { Class = BounceClass.Ambiguous } : least;
    }

    private static int Weight(BounceClass said) => said switch
    {
        BounceClass.Hard => 4,
        BounceClass.Ambiguous => 3,
        BounceClass.Soft => 2,
        BounceClass.Ours => 1,
        _ => 0,
    };

    private async Task EndAsync(long id, string state, string kind, string? problem, long? subscriber, int? issue, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await EndAsync(connection, id, state, kind, problem, subscriber, issue, ct);
    }

    /// <summary>False: another worker has read it meanwhile.</summary>
    private static async Task<bool> EndAsync(
        NpgsqlConnection connection, long id, string state, string kind, string? problem, long? subscriber, int? issue, CancellationToken ct)
    {
        await using var end = new NpgsqlCommand(
            """
            UPDATE incoming_mail
            SET state = @state, kind = @kind, problem = @problem, read_at = now(), subscriber_id = @subscriber, issue_id = @issue
            WHERE id = @id AND state = 'waiting'
            """, connection).With(
            new("id", id), new("state", state), new("kind", kind),
            new("problem", NpgsqlDbType.Text) { Value = (object?)problem ?? DBNull.Value },
            new("subscriber", NpgsqlDbType.Bigint) { Value = (object?)subscriber ?? DBNull.Value },
            new("issue", NpgsqlDbType.Integer) { Value = (object?)issue ?? DBNull.Value });
        return await end.ExecuteNonQueryAsync(ct) == 1;
    }

    private static string Word(ReturnKind kind) => kind switch
    {
        ReturnKind.Bounce => "bounce",
        ReturnKind.Delayed => "delayed",
        ReturnKind.Delivered => "delivered",
        ReturnKind.Complaint => "complaint",
        ReturnKind.AutoReply => "auto_reply",
        _ => "other",
    };
}
