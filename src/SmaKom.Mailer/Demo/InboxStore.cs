using System.Threading.Channels;
using Npgsql;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Receiver;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Demo;

/// <summary>A received mail in the list.</summary>
public sealed record InboxEntry(long Id, DateTimeOffset ReceivedAt, string Recipient, string Sender, string Subject);

/// <summary>
/// Keeps what was received. Sessions that wait at the same time share one statement and one commit, so that the inbox
/// keeps up with a whole issue; each gets its 250 when its mail is in the database.
/// </summary>
public sealed class InboxStore(NpgsqlDataSource source, BackgroundLoops loops) : BackgroundService, IMessageSink
{
    private const int Batch = 200;
    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(Batch * 2);

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken ct)
    {
        var waiting = new Waiting(message, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(waiting, ct);
        await waiting.Stored.Task.WaitAsync(ct);
        return new(250, new EnhancedCode(2, 0, 0), "Kept in the sample inbox");
    }

    public async Task<IReadOnlyList<InboxEntry>> ListAsync(string search, long? before, int count, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT id, received_at, recipient, sender, subject
            FROM inbox_message
            WHERE strpos(lower(recipient), lower(@search)) > 0 AND (@before::bigint IS NULL OR id < @before)
            ORDER BY id DESC
            LIMIT @count
            """).With(new("search", search), new("before", NpgsqlTypes.NpgsqlDbType.Bigint) { Value = (object?)before ?? DBNull.Value }, new("count", count));
        await using var rows = await select.ExecuteReaderAsync(ct);
        var entries = new List<InboxEntry>();
        while (await rows.ReadAsync(ct))
            entries.Add(new(rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2), rows.GetString(3), rows.GetString(4)));
        return entries;
    }

    /// <param name="search">As of <see cref="ListAsync"/>; empty: all.</param>
    public async Task<(long Messages, long Recipients)> CountAsync(string search, CancellationToken ct)
    {
        await using var select = source.CreateCommand(
            """
            SELECT count(*), count(DISTINCT lower(recipient))
            FROM inbox_message
            WHERE strpos(lower(recipient), lower(@search)) > 0
            """).With(new NpgsqlParameter("search", search));
        await using var rows = await select.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    public async Task<byte[]?> ReadAsync(long id, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT bytes FROM inbox_message WHERE id = @id").With(new NpgsqlParameter("id", id));
        return (byte[]?)await select.ExecuteScalarAsync(ct);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("inbox", async stopping =>
    {
        var batch = new List<Waiting>(Batch);
        while (await queue.Reader.WaitToReadAsync(stopping))
        {
            while (batch.Count < Batch && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            await StoreAsync(batch);
            batch.Clear();
        }
    }, stoppingToken);

    private async Task StoreAsync(List<Waiting> batch)
    {
        try
        {
            await InsertAsync(batch.Select(waiting => waiting.Message).ToList());
            foreach (var waiting in batch) waiting.Stored.SetResult();
        }
        catch (Exception e)
        {
            // Whatever it is, other mail is taken. Each session answers 451, and the sender tries again.
            foreach (var waiting in batch) waiting.Stored.SetException(e);
        }
    }

    private async Task InsertAsync(List<ReceivedMessage> messages)
    {
        // A letter to several people stands in the box of each.
        var rows = messages.SelectMany(message => RowsOf(message)).ToList();
        await using var insert = source.CreateCommand(
            """
            INSERT INTO inbox_message (received_at, return_path, recipient, sender, subject, bytes)
            SELECT * FROM unnest(@at, @path, @recipient, @sender, @subject, @bytes)
            """).With(
            new("at", rows.Select(row => row.Message.ReceivedAt.ToUniversalTime()).ToArray()),
            new("path", rows.Select(row => UnicodeText.WellFormed(row.Message.ReturnPath)).ToArray()),
            new("recipient", rows.Select(row => row.Recipient).ToArray()),
            new("sender", rows.Select(row => row.Sender).ToArray()),
            new("subject", rows.Select(row => row.Subject).ToArray()),
            new("bytes", rows.Select(row => row.Bytes).ToArray()));
        await insert.ExecuteNonQueryAsync();
    }

    private static IEnumerable<(ReceivedMessage Message, string Recipient, string Sender, string Subject, byte[] Bytes)> RowsOf(
        ReceivedMessage message)
    {
        var bytes = message.Bytes.ToArray();
        var mail = ReceivedMail.Read(bytes);
        var (sender, subject) = (UnicodeText.WellFormed(mail.From.ToString()), UnicodeText.WellFormed(mail.Subject ?? ""));
        return message.Recipients.Select(recipient => (message, UnicodeText.WellFormed(recipient), sender, subject, bytes));
    }

    private sealed record Waiting(ReceivedMessage Message, TaskCompletionSource Stored);
}
