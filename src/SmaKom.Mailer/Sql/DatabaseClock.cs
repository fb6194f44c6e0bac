using Npgsql;

namespace SmaKom.Mailer.Sql;

/// <summary>
/// The time of day by the database's clock, which all workers share: what is due is due by it. It is asked at the start and with each
/// sign of life; in between this machine counts on, so that whoever sets the machine's clock moves nothing. Before the first answer, and in
/// commands, which do not ask, it is the machine's.
/// </summary>
public sealed class DatabaseClock(TimeProvider machine) : TimeProvider
{
    // An answer that took so long says too little.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);
    private volatile Reading? last;

    /// <summary>How much this machine's clock is ahead of the database's; negative: behind.</summary>
    public TimeSpan MachineAhead => machine.GetUtcNow() - GetUtcNow();

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => last is { } read ? read.Time + machine.GetElapsedTime(read.At) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    public async Task AskAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var began = machine.GetTimestamp();
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
        var took = machine.GetElapsedTime(began);
        if (last is null || took < LongestAnswer) last = new(there + took / 2, machine.GetTimestamp());
    }

    private sealed record Reading(DateTimeOffset Time, long At);
}
