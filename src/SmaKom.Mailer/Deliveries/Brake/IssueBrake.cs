using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries.Brake;

/// <summary>
/// Pauses an issue when a relay refuses too many of its letters for a reason that is ours and nobody's. Such a letter is held: it is deferred, and
/// only a second such refusal, by a relay that takes others, is its last. What was refused stands in the database (<c>note_refusal</c>), so that
/// workers count together and a killed one takes nothing with it but how many letters it had seen to meanwhile.
/// </summary>
public sealed partial class IssueBrake(NpgsqlDataSource source, IOptions<BrakeOptions> options, ILogger<IssueBrake> logger)
{
    /// <summary><c>delivery.reason</c> of a letter that was refused for our sake.</summary>
    public const string Reason = "ours";

    private readonly ConcurrentDictionary<(int Issue, short Relay), StrongBox<int>> others = new();

    /// <summary>The cause of a refusal that is ours; null: any other result.</summary>
    public static RefusalCause? OursIn(SendResult? result) =>
        result is { Status: SendStatus.Refused, Reply: { } reply }
            && RefusalCauses.Of(reply, result.Stage) is not RefusalCause.Person and var cause ? cause : null;

    /// <summary>The relay has taken letters of this issue: what it refuses twice is that letter's own affair.</summary>
    public async Task<bool> IsPassedByOthersAsync(int issue, short relay, CancellationToken ct)
    {
        await using var command =
            source.CreateCommand("SELECT EXISTS (SELECT FROM delivery WHERE issue_id = @issue AND relay_id = @relay AND state = 'accepted')");
        command.With(new("issue", issue), new("relay", relay));
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Once for each result, after it was recorded. False: the issue is paused, by this one or before.</summary>
    public async ValueTask<bool> NoteAsync(ClaimedDelivery delivery, short relay, SendResult result, CancellationToken ct)
    {
        var seen = others.GetOrAdd((delivery.Slice.IssueId, relay), static _ => new());
        if (OursIn(result) is not { } cause)
        {
            Interlocked.Increment(ref seen.Value);
            return true;
        }

        var meanwhile = delivery.WasHeld ? 0 : Interlocked.Exchange(ref seen.Value, 0);
        await using var command = source.CreateCommand(
            "SELECT note_refusal(@issue, @relay, @delivery, @cause, @reply, @others, @again, @at_once, @first, @share, @window)").With(
            new("issue", delivery.Slice.IssueId), new("relay", relay), new("delivery", delivery.Id),
            new("cause", cause.ToString().ToLowerInvariant()),
            new("reply", Redaction.Clean($"{result.Reply}")), new("others", meanwhile), new("again", delivery.WasHeld),
            // What a relay says of the size before it has heard of the person, it says to all.
            new("at_once", cause == RefusalCause.Size && result.Stage == "MAIL FROM"),
            new("first", options.Value.First), new("share", options.Value.Share), new("window", options.Value.Window));
        if ((bool)(await command.ExecuteScalarAsync(ct))!) return true;
        Log.Paused(logger, delivery.Slice.IssueId, relay, cause, result.Reply!.Code, result.Reply.Enhanced?.ToString());
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "Issue {Issue} is paused: relay {Relay} refuses its letters for our sake ({Cause}, {Code} {Enhanced}); nobody is marked")]
        public static partial void Paused(ILogger logger, int issue, short relay, RefusalCause cause, int code, string? enhanced);
    }
}
