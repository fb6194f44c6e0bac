using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>
/// How often a public form that makes us send mail may be sent: as often as the sign-up form (<see cref="SignUpOptions"/>), each form for itself.
/// </summary>
public sealed partial class FormLimits(NetworkHash networks, IOptions<SignUpOptions> options, DatabaseClock time, ILogger<FormLimits> logger)
{
    /// <summary>"Mail me my link".</summary>
    public const string Links = "links";

    /// <summary>A report of an accessibility fault.</summary>
    public const string Fault = "fault";

    // Any constant will do; it is these forms' alone.
    private const long Lock = 0x464f_524d_5300;

    /// <summary>
    /// Counts one post, in the caller's transaction. False, and not counted: too many have come from this network, or from everywhere, within the
    /// hour.
    /// </summary>
    public async Task<bool> TakeAsync(NpgsqlConnection connection, string form, IPAddress? from, CancellationToken ct)
    {
        // One at a time, so that many at once cannot slip under a limit together.
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection)) await wait.ExecuteNonQueryAsync(ct);
        var now = time.GetUtcNow();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO form_post (form, network, at)
            SELECT @form, @network, @now
            WHERE (SELECT count(*) FROM form_post WHERE form = @form AND network = @network AND at > @hour_ago) < @per_network
              AND (SELECT count(*) FROM form_post WHERE form = @form AND at > @hour_ago) < @per_hour
            """, connection).With(
            new("form", form), new("network", networks.Of(from)), new("now", now), new("hour_ago", now.AddHours(-1)),
            new("per_network", options.Value.PerNetworkAndHour), new("per_hour", options.Value.PerHour));
        if (await insert.ExecuteNonQueryAsync(ct) == 1) return true;
        Log.LimitReached(logger, form);
        return false;
    }

    private static partial class Log
    {
        // Not above Debug: an attack must not fill the log as well.
        [LoggerMessage(Level = LogLevel.Debug, Message = "A post of the form {Form} is turned away: a limit of section SignUp is reached")]
        public static partial void LimitReached(ILogger logger, string form);
    }
}
