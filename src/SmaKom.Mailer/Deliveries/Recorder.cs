using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using SmaKom.Mailer.Deliveries.Dispatch;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Deliveries;

/// <summary>What the database says to the wish to send one letter now.</summary>
public enum IntentAnswer
{
    /// <summary>The intent is committed: the final dot may leave.</summary>
    Granted,
    /// <summary>The person has left since planning; the delivery is excluded.</summary>
    Gone,
    /// <summary>The issue is paused or cancelled.</summary>
    NotSending,
    /// <summary>The claim is no longer ours, or the delivery is already settled.</summary>
    NotOurs,
    /// <summary>The database did not answer; whether the intent was committed is settled later.</summary>
    NoDatabase,
}

/// <summary>The outcome of one attempt.</summary>
/// <param name="State">Where the delivery goes. <see cref="DeliveryState.Waiting"/>: the attempt is undone, the letter was surely not accepted; with
/// <paramref name="NextAttemptAt"/> it lets the others go first.</param>
/// <param name="Intended">The gate was asked: an intent may stand in the database.</param>
public sealed record Outcome(
    ClaimedDelivery Delivery, DeliveryState State, bool Intended, short RelayId, DateTimeOffset FirstAttemptAt, DateTimeOffset At,
    DateTimeOffset? NextAttemptAt = null, SmtpReply? Reply = null, string? Stage = null, string? Reason = null)
{
    /// <summary>The state, the times, the codes and our own reason: nothing that anybody else wrote.</summary>
    public Outcome WithoutWords() => this with { Reply = Reply is null ? null : Reply with { Text = "" }, Stage = null };
}

/// <summary>
/// Commits the intents and outcomes of all connections of this process, many in one round trip: whoever comes while a commit is
/// under way shares the next one. An outcome waits for the next intent, which its own connection usually has in a moment: committed
/// together, a letter costs one commit, and no connection ever has more than one letter in doubt. Without a database an outcome
/// waits here, and nothing more is sent; it is never dropped. What cannot be stored of one outcome costs that one its words.
/// </summary>
public sealed partial class Recorder(NpgsqlDataSource source, DatabaseClock time, WorkerActivity activity, ILogger<Recorder> logger)
{
    private const int MostInOneBatch = 512;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an outcome waits for an intent at most.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>In the queue: nobody asks, but outcomes have waited long enough.</summary>
    private static readonly object LongEnough = new();

    private readonly ConcurrentQueue<Outcome> recorded = new();
    // Whoever writes into an empty queue begins the commit itself: while the letter's body travels, the intent already does.
    private readonly Channel<object> queue = Channel.CreateUnbounded<object>(new() { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly List<Outcome> outcomes = [];
    private readonly List<Intent> intents = [];
    private readonly List<TaskCompletionSource> fences = [];
    private int isTimed;
    private int rounds;
    private readonly Lock turningAway = new();
    private volatile bool hasEnded;

    /// <summary>Asks for the right to send the final dot of one letter.</summary>
    public Task<IntentAnswer> IntendAsync(ClaimedDelivery delivery, short relayId, DateTimeOffset firstAttemptAt)
    {
        var intent = new Intent(delivery, relayId, firstAttemptAt);
        Enqueue(intent);
        return intent.Answer.Task;
    }

    /// <summary>Notes an outcome; it is committed with the next batch.</summary>
    public void Record(Outcome outcome)
    {
        recorded.Enqueue(outcome);
        if (Interlocked.Exchange(ref isTimed, 1) == 0) _ = CommitLatestAsync();
    }

    /// <summary>Completes when all that was recorded before is committed.</summary>
    /// <exception cref="InvalidOperationException">It never will be: the recorder has ended.</exception>
    public Task FlushAsync()
    {
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(fence);
        return fence.Task;
    }

    /// <summary>Commits until <paramref name="ct"/>. Call <see cref="FlushAsync"/> before cancelling.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var ledger = new Ledger(source, time);
        hasEnded = false;
        try
        {
            while (!ct.IsCancellationRequested && await CollectAsync(ct)) await CommitAsync(ledger, ct);
        }
        finally
        {
            hasEnded = true;
            TurnAway();
        }
    }

    private void Enqueue(object entry)
    {
        queue.Writer.TryWrite(entry);
        if (hasEnded) TurnAway();
    }

    /// <summary>Nobody commits any more: whoever waits is told, or would wait for ever and the process with them.</summary>
    private void TurnAway()
    {
        List<object> left;
        lock (turningAway)
        {
            left = [.. intents, .. fences];
            while (queue.Reader.TryRead(out var entry)) left.Add(entry);
        }

        foreach (var entry in left)
        {
            if (entry is Intent intent) intent.Answer.TrySetResult(IntentAnswer.NoDatabase);
            if (entry is TaskCompletionSource fence) fence.TrySetException(new InvalidOperationException("The recorder has ended."));
        }
    }

    private async Task<bool> CollectAsync(CancellationToken ct)
    {
        try
        {
            // What a failed commit left behind is tried again, whether or not more comes; whoever waits for it is told.
            if (outcomes.Count + intents.Count + fences.Count == 0 && !await queue.Reader.WaitToReadAsync(ct)) return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        while (intents.Count < MostInOneBatch && queue.Reader.TryRead(out var entry))
        {
            switch (entry)
            {
                case Intent intent: intents.Add(intent); break;
                case TaskCompletionSource fence: fences.Add(fence); break;
            }
        }

        // After the intents, and all of them: what a connection has recorded before its intent is committed with it.
        Interlocked.Increment(ref rounds);
        while (recorded.TryDequeue(out var outcome)) outcomes.Add(outcome);
        return true;
    }

    /// <summary>Sees to it that an outcome is committed when no intent comes.</summary>
    private async Task CommitLatestAsync()
    {
        do
        {
            var before = Volatile.Read(ref rounds);
            await Task.Delay(LongestWait);
            if (before == Volatile.Read(ref rounds)) queue.Writer.TryWrite(LongEnough);
        }
        while (!recorded.IsEmpty && !hasEnded);

        Interlocked.Exchange(ref isTimed, 0);
        // Recorded between the look and the line above: its own call has left the timing to this one.
        if (!recorded.IsEmpty && !hasEnded && Interlocked.Exchange(ref isTimed, 1) == 0) await CommitLatestAsync();
    }

    private async Task CommitAsync(Ledger ledger, CancellationToken ct)
    {
        try
        {
            var answers = await ledger.CommitAsync(outcomes, intents, ct);
            DeliveryMetrics.Committed(outcomes, intents.Count);
            if (outcomes.Count + intents.Count > 0) activity.NoteCommit();
            outcomes.Clear();
            foreach (var intent in intents) intent.Answer.SetResult(answers[intent.Delivery.Id]);
            intents.Clear();
            fences.ForEach(fence => fence.SetResult());
            fences.Clear();
        }
        catch (Exception e) when (IsPassing(e) || CannotBeStored(e) && outcomes.Count == 0)
        {
            await PutOffAsync(ledger, e, ct);
        }
        catch (Exception e) when (CannotBeStored(e))
        {
            // None of the batch is committed. Each outcome by itself, and the intents with the next round.
            Log.NotStorable(logger, outcomes.Count, e);
            await ledger.DropConnectionAsync();
            await CommitSinglyAsync(ledger, ct);
        }
    }

    private async Task CommitSinglyAsync(Ledger ledger, CancellationToken ct)
    {
        try
        {
            while (outcomes.Count > 0)
            {
                await CommitOneAsync(ledger, outcomes[0], ct);
                outcomes.RemoveAt(0);
            }
        }
        catch (Exception e) when (IsPassing(e) || CannotBeStored(e))
        {
            await PutOffAsync(ledger, e, ct);
        }
    }

    /// <summary>The outcome; where its words cannot be stored, without them.</summary>
    private async Task CommitOneAsync(Ledger ledger, Outcome outcome, CancellationToken ct)
    {
        try
        {
            await ledger.CommitAsync([outcome], [], ct);
        }
        catch (Exception e) when (CannotBeStored(e))
        {
            Log.WithoutWords(logger, outcome.Delivery.Id, outcome.State, e.GetType().Name);
            await ledger.DropConnectionAsync();
            await ledger.CommitAsync([outcome.WithoutWords()], [], ct);
        }

        DeliveryMetrics.Committed([outcome], 0);
        activity.NoteCommit();
    }

    private async Task PutOffAsync(Ledger ledger, Exception reason, CancellationToken ct)
    {
        Log.CommitFailed(logger, outcomes.Count, reason);
        await ledger.DropConnectionAsync();
        // The commit may have arrived all the same. Nothing has been sent for these intents, so they are undone once the database answers.
        foreach (var intent in intents)
        {
            outcomes.Add(new Outcome(intent.Delivery, DeliveryState.Waiting, Intended: true, intent.RelayId, intent.FirstAttemptAt,
                time.GetUtcNow()));
            intent.Answer.SetResult(IntentAnswer.NoDatabase);
        }

        intents.Clear();
        await Task.Delay(PauseAfterFailure, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static bool IsPassing(Exception e) =>
        e is NpgsqlException or IOException or TimeoutException or ObjectDisposedException or InvalidOperationException && !CannotBeStored(e);

    /// <summary>
    /// It is what was to be written, and the same at every try: refused by Npgsql, or by PostgreSQL as data (class 22) or as too large (class 54).
    /// </summary>
    private static bool CannotBeStored(Exception e) => e is ArgumentException or InvalidCastException or OverflowException or FormatException
        || e is PostgresException { SqlState: ['2', '2', ..] or ['5', '4', ..] };

    internal sealed record Intent(ClaimedDelivery Delivery, short RelayId, DateTimeOffset FirstAttemptAt)
    {
        // Whoever waits goes on at once: it sends a dot and waits again, which is less than what waking another thread costs.
        public TaskCompletionSource<IntentAnswer> Answer { get; } = new();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database did not take a batch; {Outcomes} outcomes wait and nothing is sent meanwhile")]
        public static partial void CommitFailed(ILogger logger, int outcomes, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "Among {Outcomes} outcomes is one that cannot be stored as it is; each is stored by itself")]
        public static partial void NotStorable(ILogger logger, int outcomes, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "Delivery {Delivery}: {State} is stored without the server's words, which cannot be stored ({Failure})")]
        public static partial void WithoutWords(ILogger logger, long delivery, DeliveryState state, string failure);
    }
}
