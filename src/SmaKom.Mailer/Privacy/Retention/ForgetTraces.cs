using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Privacy.Retention;

/// <summary>
/// What open doors leave behind: networks that forms were sent from, attempts to log in, requests for links, and sessions of staff that ended.
/// None of them opens anything any more.
/// </summary>
public sealed class ForgetTraces(NpgsqlDataSource source, RetentionLog log, IOptions<AccountsOptions> accounts) : IJob
{
    /// <summary>Of a network, which counts for an hour; an attempt to log in counts for less.</summary>
    internal static readonly TimeSpan Network = TimeSpan.FromDays(1);

    /// <summary>Of a session or a request, after its end.</summary>
    internal static readonly TimeSpan Ended = TimeSpan.FromDays(30);

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        await using var forget = source.CreateCommand(
            """
            DELETE FROM form_post WHERE at < now() - @network;
            DELETE FROM login_attempt WHERE at < now() - @network;
            DELETE FROM link_request WHERE requested_at < now() - @ended;
            DELETE FROM staff_session WHERE COALESCE(ended_at, created_at + @longest) < now() - @ended
            """).With(new("network", Network), new("ended", Ended), new("longest", accounts.Value.LongestSession));
        await log.NoteAsync(nameof(ForgetTraces), await forget.ExecuteNonQueryAsync(ct), ct);
    }
}
