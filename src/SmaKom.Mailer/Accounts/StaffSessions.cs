using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Accounts;

/// <summary>
/// Logins as rows (table <c>staff_session</c>): a cookie is worth what its row says at this moment. Logging out, removing somebody, another
/// password or role end it at once, in every process (decision 12).
/// </summary>
public sealed class StaffSessions(NpgsqlDataSource source, IOptions<AccountsOptions> options, TimeProvider time)
{
    /// <summary>Type of the claim that holds the random text; only its hash is stored.</summary>
    private const string TokenClaim = "smakom:session";

    private const int TokenSize = 32;

    // Somebody has many pages open, and each asks every second: they share the answer.
    private readonly SharedQuery<string, bool> watched = new(
        session => IsOpenAsync(source, options.Value, Convert.FromHexString(session), isUse: false, CancellationToken.None), TimeSpan.FromSeconds(1),
        time);

    /// <summary>
    /// Begins a session, forgives the failures before it, and notes the login. Null: the account is gone or has another password since
    /// <paramref name="member"/> was read.
    /// </summary>
    /// <returns>Goes into the cookie.</returns>
    public async Task<Claim?> BeginAsync(StaffMember member, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenSize));
        await using var command = source.CreateCommand(
            $"""
            WITH forgotten AS (DELETE FROM staff_session WHERE created_at < now() - @longest - interval '30 days'),
            member AS (
                UPDATE staff_member
                SET access_failed_count = 0, lockout_end = NULL
                WHERE id = @staff AND password_hash = @hash
                RETURNING id
            ),
            done AS (
                INSERT INTO staff_session (id, staff_id)
                SELECT @session, id FROM member
                RETURNING id
            ),
            {AuditLog.Noted("done", "NULL::text")}
            SELECT count(*) FROM done
            """).With(AuditLog.Parameters(Actor.Staff(member.UserName!), "login.in")).With(
            new("session", Hash(token)), new("staff", member.Id), new("hash", member.PasswordHash ?? ""),
            new("longest", options.Value.LongestSession));
        return await command.ExecuteScalarAsync(ct) is 1L ? new Claim(TokenClaim, token) : null;
    }

    /// <summary>For each request that brings a cookie: is its session open? Counts as use, unless a page asks by itself.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var isUse = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<UnattendedRequest>() is null;
        // A cookie of a version before sessions were rows has none.
        if (HashOf(context.Principal) is { } session
            && await IsOpenAsync(source, options.Value, session, isUse, context.HttpContext.RequestAborted)) return;
        context.RejectPrincipal();
    }

    /// <summary>For an answer that goes on: was the session that asked for it open a second ago? Does not count as use.</summary>
    public async Task<bool> IsOpenAsync(ClaimsPrincipal user, CancellationToken ct) =>
        HashOf(user) is { } session && await watched.GetAsync(Convert.ToHexString(session), ct);

    /// <summary>Logs out: ends the session of this cookie, and notes it.</summary>
    public async Task EndAsync(ClaimsPrincipal user, CancellationToken ct)
    {
        if (HashOf(user) is not { } session) return;
        const string end = "UPDATE staff_session SET ended_at = now() WHERE id = @session AND ended_at IS NULL RETURNING id";
        await AuditLog.DoAsync(source, end, "NULL::text", Actor.Of(user), "login.out", [new("session", session)], ct);
    }

    private static async Task<bool> IsOpenAsync(NpgsqlDataSource source, AccountsOptions options, byte[] session, bool isUse, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            WITH open AS (
                SELECT s.id, s.seen_at
                FROM staff_session AS s
                JOIN staff_member AS m ON m.id = s.staff_id
                WHERE s.id = @session
                    AND s.ended_at IS NULL
                    AND s.seen_at > now() - @idle
                    AND s.created_at > now() - @longest
                    AND (@samples OR NOT m.sample)
            ),
            seen AS (
                UPDATE staff_session
                SET seen_at = now()
                WHERE @is_use AND id IN (SELECT id FROM open WHERE seen_at < now() - LEAST(interval '1 minute', @idle / 10))
            )
            SELECT EXISTS (SELECT FROM open)
            """).With(
            new("session", session), new("idle", options.Session), new("longest", options.LongestSession),
            new("samples", options.AllowSampleLogin), new("is_use", isUse));
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static byte[]? HashOf(ClaimsPrincipal? user) => user?.FindFirstValue(TokenClaim) is { } token ? Hash(token) : null;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));
}
