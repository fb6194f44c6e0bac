using Npgsql;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>
/// Keeps what the privacy page promises: the network of a sign-up is forgotten after a day, the sign-up itself after 30 days. By then
/// it has been confirmed (and lives on as a subscriber with its proof of consent) or never will be, and the limits count no further back.
/// The mail that belonged to it goes with it, and so do wishes for another address.
/// </summary>
public sealed class ForgetSignUps(NpgsqlDataSource source, RetentionLog log, DatabaseClock time) : IJob
{
    public static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public async Task RunAsync(string? key, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var forget = source.CreateCommand(
            """
            WITH networks AS (
                UPDATE sign_up
                SET network = NULL
                WHERE network IS NOT NULL AND requested_at < @day_ago AND requested_at >= @month_ago
            ), mails AS (
                DELETE FROM notice
                WHERE kind IN ('confirmation', 'address_confirmation', 'address_notice')
                    AND created_at < @month_ago AND state NOT IN ('waiting', 'sending')
            ), changes AS (
                DELETE FROM address_change
                WHERE requested_at < @month_ago
            )
            DELETE FROM sign_up
            WHERE requested_at < @month_ago
            """).With(new("day_ago", now.AddDays(-1)), new("month_ago", now - Keep));
        await log.NoteAsync(nameof(ForgetSignUps), await forget.ExecuteNonQueryAsync(ct), ct);
    }
}
