namespace SmaKom.Mailer.Settings;

/// <summary>What this worker gets done, for its sign of life: a worker that lives and gets nothing done is told from one that does.</summary>
public sealed class WorkerActivity(TimeProvider time)
{
    private long committedAt;

    /// <summary>An intent or an outcome of a letter is in the database.</summary>
    public void NoteCommit() => Interlocked.Exchange(ref committedAt, time.GetTimestamp());

    /// <summary>How long ago that was last; null: not yet.</summary>
    public TimeSpan? SinceCommit => Interlocked.Read(ref committedAt) is not 0 and var at ? time.GetElapsedTime(at) : null;
}
