using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Limits;

/// <summary>
/// When a receiver says that we are too fast, its group rests, then gets one connection, then one more for each interval in which
/// it takes letters, until nothing is left to remember (Google's advice on 4.7.28). No person is marked for it.
/// </summary>
public sealed partial class ReceiverBackoff(NpgsqlDataSource source, IOptions<DispatchOptions> options)
{
    /// <summary>True for a reply that is about how much we send, not about the person, the letter or the relay's health.</summary>
    /// <remarks>A bare 421, or one with x.3.2, is the relay that closes (RFC 5321 §3.8): it backs off, and another relay takes over.</remarks>
    public static bool IsAskedBy(SmtpReply? reply) => reply switch
    {
        { IsTransient: true, Enhanced: { Subject: 7, Detail: 28 } } => true,
        // x.7 is policy (RFC 3463 §3.8): who closes for policy's sake does not want us now, in whatever words.
        { Code: 421, Enhanced: { Subject: 7 } } => !AboutRecipients().IsMatch(reply.Text),
        // x.2.x is one mailbox (Gmail's 4.2.1: this very person gets too much), x.5.x the conversation ("too many recipients").
        { IsTransient: true, Enhanced: null or { Subject: 3, Detail: 2 } or { Subject: 7 } or { Subject: 4, Detail: 5 } } =>
            AboutSpeed().IsMatch(reply.Text) && !AboutRecipients().IsMatch(reply.Text),
        _ => false,
    };

    /// <summary>The same of a failure. Before the recipient is named only 4.7.28 is a destination's word; the rest is the relay's.</summary>
    public static bool IsAskedBy(RelayException failure) =>
        failure.Stage is not ("connect" or "greeting" or "EHLO" or "STARTTLS" or "TLS" or "AUTH") && IsAskedBy(failure.Reply)
        && (failure.Stage != "MAIL FROM" || failure.Reply?.Enhanced is { Subject: 7, Detail: 28 });

    /// <summary>Notes that the group rests.</summary>
    public async Task BeginAsync(short relay, string group, SmtpReply reply, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            INSERT INTO destination_state (relay_id, destination_group, paused_until, reply)
            VALUES (@relay, @group, now() + @pause, @reply)
            ON CONFLICT (relay_id, destination_group) DO UPDATE
            SET paused_until = now() + @pause, max_connections = 1, raise_at = NULL, reply = @reply;
            NOTIFY mailer
            """);
        command.With(new("relay", relay), new("group", group), new("pause", options.Value.SlowDownPause), new("reply", Redaction.WithoutAddresses($"{reply}")));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The right to have one letter on its way to the group; null when all workers together have as many as it takes.</summary>
    public async Task<long?> EnterAsync(short relay, string group)
    {
        await using var command = source.CreateCommand("SELECT enter_destination(@relay, @group)");
        command.With(new("relay", relay), new("group", group));
        return await command.ExecuteScalarAsync() is long flight ? flight : null;
    }

    /// <summary>These letters are still on their way: nobody else has their turn.</summary>
    public async Task StayAsync(long[] flights)
    {
        await using var command =
            source.CreateCommand("UPDATE destination_flight SET leased_until = now() + interval '1 minute' WHERE id = ANY (@ids)");
        command.With(new NpgsqlParameter("ids", flights));
        await command.ExecuteNonQueryAsync();
    }

    public async Task LeaveAsync(long flight)
    {
        await using var command = source.CreateCommand("DELETE FROM destination_flight WHERE id = @id");
        command.With(new NpgsqlParameter("id", flight));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// After a letter was accepted: one connection more when it is time for it; forgotten when there are as many as the relay allows.
    /// </summary>
    public async Task RelaxAsync(short relay, string group, CancellationToken ct)
    {
        await using var batch = source.CreateBatch();
        Add(
            """
            UPDATE destination_state
            SET max_connections = max_connections + CASE WHEN raise_at IS NULL THEN 0 ELSE 1 END, raise_at = now() + @step
            WHERE relay_id = @relay AND destination_group = @group AND paused_until <= now() AND (raise_at IS NULL OR raise_at <= now())
            """);
        Add(
            """
            DELETE FROM destination_state AS s
            USING relay AS r
            WHERE s.relay_id = @relay AND s.destination_group = @group AND r.id = s.relay_id AND s.max_connections >= r.max_connections AND s.max_connections > 1
            """);
        await batch.ExecuteNonQueryAsync(ct);

        void Add(string sql) =>
            batch.BatchCommands.Add(new(sql) { Parameters = { new("relay", relay), new("group", group), new("step", options.Value.SlowDownStep) } });
    }

    [GeneratedRegex(@"\b(rate|rates|too many|too much|too fast|too quickly|throttl\w*|slow down|unusual|unexpected volume|limit exceeded|exceeded .*limit)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutSpeed();

    [GeneratedRegex(@"\b(too many recipients|too many errors|mailbox|quota)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutRecipients();
}
