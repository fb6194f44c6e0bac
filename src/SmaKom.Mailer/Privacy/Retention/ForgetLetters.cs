using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>
/// Turns the letters of issues that are over their time (<see cref="RetentionOptions.LetterDetails"/>) into numbers, some at a time: each batch is a
/// transaction of its own, which takes rows away and adds them to the numbers, so that a receipt adds up at every moment and nothing
/// stands still.
/// </summary>
public sealed class ForgetLetters(NpgsqlDataSource source, RetentionLog log, IOptions<RetentionOptions> options, DatabaseClock time) : IJob
{
    internal const int AtOnce = 5_000;

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        var (before, gone) = (time.GetUtcNow() - options.Value.LetterDetails, 0L);
        while (await ForgetSomeAsync(before, ct) is > 0 and var some) gone += some;
        await log.NoteAsync(nameof(ForgetLetters), gone, ct);
    }

    private async Task<long> ForgetSomeAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using var forget = source.CreateCommand("SELECT forget_letters(@before, @most)").With(new("before", before), new("most", AtOnce));
        return (long)(await forget.ExecuteScalarAsync(ct))!;
    }
}
