using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers.Lists;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>A checked sign-up on its way in.</summary>
/// <param name="Lists">Ids; null: the newsletter.</param>
public sealed record SignUpRequest(EmailAddress Address, string? Name, string? Municipality, string Language, Consent Consent, IPAddress? From,
    IReadOnlyList<short>? Lists = null);

/// <summary>
/// Writes a sign-up down, and nothing more: one statement, the same for a new, a subscribed and a suppressed address, so that
/// neither the answer nor its timing tells which it was. A worker decides later (<see cref="SignUpDecisions"/>).
/// </summary>
public sealed partial class SignUpIntake(NpgsqlDataSource source, NetworkHash networks, IOptions<SignUpOptions> options, DatabaseClock time,
    ILogger<SignUpIntake> logger)
{
    // Any constant will do; it is the sign-up's alone.
    internal const long Lock = 0x5347_4e55_5000;
    private long saidAt;

    /// <summary>False when too many sign-ups have come from this network, or from everywhere, within the hour.</summary>
    public async Task<bool> TakeAsync(SignUpRequest request, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // One at a time, so that many at once cannot slip under a limit together.
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection))
            await wait.ExecuteNonQueryAsync(ct);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO sign_up (email, email_key, name, municipality, language, consent, lists, network, requested_at)
            SELECT @email, @key, @name, @municipality, @language, @consent, @lists, @network, @now
            WHERE (SELECT count(*) FROM sign_up WHERE network = @network AND requested_at > @hour_ago) < @per_network
              AND (SELECT count(*) FROM sign_up WHERE requested_at > @hour_ago) < @per_hour
            """, connection);
        Describe(insert.Parameters, request);
        var taken = await insert.ExecuteNonQueryAsync(ct) == 1;
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
        if (!taken) SayOnceAMinute();
        return taken;
    }

    // An attack must not fill the log as well.
    private void SayOnceAMinute()
    {
        var (now, last) = (time.GetUtcNow().ToUnixTimeSeconds(), Interlocked.Read(ref saidAt));
        if (now < last + 60 || Interlocked.CompareExchange(ref saidAt, now, last) != last) return;
        Log.LimitReached(logger);
    }

    private void Describe(NpgsqlParameterCollection parameters, SignUpRequest request)
    {
        var now = time.GetUtcNow();
        parameters.AddWithValue("email", request.Address.Text);
        parameters.AddWithValue("key", request.Address.Key);
        parameters.AddWithValue("name", NpgsqlDbType.Text, (object?)request.Name ?? DBNull.Value);
        parameters.AddWithValue("municipality", NpgsqlDbType.Text, (object?)request.Municipality ?? DBNull.Value);
        parameters.AddWithValue("language", request.Language);
        parameters.AddWithValue("consent", NpgsqlDbType.Jsonb, JsonSerializer.Serialize(request.Consent, JsonSerializerOptions.Web));
        parameters.AddWithValue("lists", request.Lists?.ToArray() ?? [MailingList.Newsletter]);
        parameters.AddWithValue("network", networks.Of(request.From));
        parameters.AddWithValue("now", now);
        parameters.AddWithValue("hour_ago", now.AddHours(-1));
        parameters.AddWithValue("per_network", options.Value.PerNetworkAndHour);
        parameters.AddWithValue("per_hour", options.Value.PerHour);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Sign-ups are turned away: a limit of section SignUp is reached. If this is no attack, raise SignUp:PerNetworkAndHour or SignUp:PerHour.")]
        public static partial void LimitReached(ILogger logger);
    }
}
