using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>Who of the staff did what is forgotten after <see cref="RetentionOptions.AdminLog"/>.</summary>
public sealed class ForgetActions(NpgsqlDataSource source, RetentionLog log, IOptions<RetentionOptions> options, DatabaseClock time) : IJob
{
    public async Task RunAsync(string? key, CancellationToken ct)
    {
        await using var forget = source.CreateCommand("SELECT forget_actions(@before, @most)").With(
            new("before", time.GetUtcNow() - options.Value.AdminLog), new("most", ForgetLetters.AtOnce));
        var (gone, some) = (0L, 0L);
        do gone += some = (long)(await forget.ExecuteScalarAsync(ct))!;
        while (some > 0);
        await log.NoteAsync(nameof(ForgetActions), gone, ct);
    }
}
