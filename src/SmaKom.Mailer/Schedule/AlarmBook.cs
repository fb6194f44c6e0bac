using System.Linq.Expressions;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Npgsql;

namespace SmaKom.Mailer.Schedule;

/// <summary>
/// Which Hangfire job is the alarm of a (job, key): one hash of Hangfire's own for each. A Hangfire job that is not in the
/// book has been replaced or taken back, and does nothing when it rings.
/// </summary>
internal sealed class AlarmBook(JobStorage storage, IBackgroundJobClient client, NpgsqlDataSource source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">Somebody else has been setting the same alarm for half a minute.</exception>
    public async Task SetAsync(string job, string key, DateTimeOffset at, CancellationToken ct)
    {
        await using var turn = await TakeAsync(job, key, ct);
        var old = Read(job, key);
        // The new one first: a crash in between rings twice, which is harmless, not never.
        Write(job, key, client.Create(JobOf(new(job, key, AlarmKind.Once, at)), new ScheduledState(NeverEarly(at))));
        Drop(old);
    }

    public async Task TakeBackAsync(string job, string key, CancellationToken ct)
    {
        await using var turn = await TakeAsync(job, key, ct);
        var old = Read(job, key);
        Write(job, key, null);
        Drop(old);
    }

    /// <summary>Whether that Hangfire job is the alarm, and not one that has been replaced or taken back.</summary>
    public async Task<bool> HoldsAsync(string job, string key, string id, CancellationToken ct)
    {
        await using var turn = await TakeAsync(job, key, ct);
        return Read(job, key) == id;
    }

    /// <summary>It has rung: a job taken over later, for want of an acknowledgement, finds itself not in the book.</summary>
    public async Task ForgetAsync(string job, string key, string id)
    {
        await using var turn = await TakeAsync(job, key, CancellationToken.None);
        if (Read(job, key) == id) Write(job, key, null);
    }

    /// <summary>Hangfire's form of an alarm.</summary>
    public static Job JobOf(Alarm alarm)
    {
        Expression<Func<HangfireRun, Task>> call = run => run.RunAsync(alarm.Job, alarm.Key, alarm.Kind, alarm.At, null, CancellationToken.None);
        return Job.FromExpression(call);
    }

    /// <returns>Null: not a job of ours, or of a version that wrote it otherwise.</returns>
    public static Alarm? AlarmOf(Job? job) =>
        job?.Type == typeof(HangfireRun) && job.Args is [string name, var key, AlarmKind kind, var at, ..] ? new(name, key as string, kind, at as DateTimeOffset?) : null;

    // Hangfire keeps whole seconds, rounded down.
    public static DateTime NeverEarly(DateTimeOffset at) =>
        new((at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private async Task<Turn> TakeAsync(string job, string key, CancellationToken ct) =>
        await Turn.TakeAsync(source, HashOf(job, key), Patience, ct) ?? throw new TimeoutException($"The alarm of {job} for {key} is being set by somebody else.");

    // One that runs already is left to run: it may be the very one that sets the alarm anew.
    private void Drop(string? id)
    {
        if (id is not null && !client.Delete(id, ScheduledState.StateName)) client.Delete(id, EnqueuedState.StateName);
    }

    private string? Read(string job, string key)
    {
        using var connection = storage.GetConnection();
        return connection.GetAllEntriesFromHash(HashOf(job, key)) is { } entries && entries.TryGetValue("id", out var id) ? id : null;
    }

    private void Write(string job, string key, string? id)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        if (id is null) transaction.RemoveHash(HashOf(job, key));
        else transaction.SetRangeInHash(HashOf(job, key), [new("id", id)]);
        transaction.Commit();
    }

    private static string HashOf(string job, string key) => $"smakom-alarm:{job}:{key}";
}
