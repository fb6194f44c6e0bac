using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays;

/// <summary>The relays in the database: which there are, how to reach them, and how they have behaved.</summary>
public sealed class RelayDirectory(
    IDbContextFactory<MailerDb> contexts, NpgsqlDataSource source, IOptions<SmtpOptions> options, IDataProtectionProvider protection)
{
    /// <summary>Name of the relay that comes from configuration.</summary>
    public const string Configured = "standard";

    private const int LongestFailure = 2000;

    private readonly IDataProtector passwords = protection.CreateProtector("relay password");

    /// <summary>Writes the relay of section <c>Smtp</c> into the database, so that all processes see the same.</summary>
    public async Task WriteConfiguredAsync(CancellationToken ct)
    {
        var smtp = options.Value;
        if (smtp.Host == "") return;
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Workers that start together would each find no relay and add it: all but one would end of that.
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('configured relay'))", ct);
        var relay = await db.Relays.SingleOrDefaultAsync(r => r.Name == Configured, ct);
        var changed = relay is null || Differs(relay, smtp);
        relay ??= db.Relays.Add(new Relay { Name = Configured, Host = smtp.Host, Port = smtp.Port, Tls = smtp.Tls }).Entity;
        (relay.Host, relay.Port, relay.Tls, relay.Client, relay.Username) = (smtp.Host, smtp.Port, smtp.Tls, smtp.Client, smtp.Username);
        if (changed || relay.MaxConnections != smtp.MaxConnections) (relay.WorkingConnections, relay.MoreConnectionsAt) = (null, null);
        (relay.MaxConnections, relay.MaxMessagesPerConnection) = (smtp.MaxConnections, smtp.MaxMessagesPerConnection);
        relay.PasswordProtected = smtp.Password is null ? null : passwords.Protect(smtp.Password);
        // New settings get a new chance at once.
        if (changed) (relay.Failures, relay.AvailableAt, relay.LastFailure, relay.LastFailureKind) = (0, null, null, null);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<Relay>> EnabledAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Relays.AsNoTracking().Where(r => r.Enabled).OrderBy(r => r.Priority).ThenBy(r => r.Id).ToListAsync(ct);
    }

    /// <summary>As it is kept in the database.</summary>
    public string Protect(string password) => passwords.Protect(password);

    public RelayEndpoint Endpoint(Relay relay) => new()
    {
        Host = relay.Host,
        Port = relay.Port,
        Tls = relay.Tls,
        Username = relay.Username,
        Password = Password(relay),
        HeloName = options.Value.HeloName != "" ? options.Value.HeloName : IPAddress.TryParse(relay.Host, out _) ? "[127.0.0.1]" : Dns.GetHostName(),
        TrustedRoots = TrustedRoots(),
        AllowPlaintextAuth = options.Value.AllowPlaintextAuth,
        Timeouts = options.Value.CommandTimeout is { } limit
            ? new SmtpTimeouts
            {
                Connect = limit,
                Greeting = limit,
                Tls = limit,
                Command = limit,
                Mail = limit,
                Rcpt = limit,
                DataStart = limit,
                DataBlock = limit,
                DataEnd = limit
            }
            : new SmtpTimeouts(),
    };

    /// <summary>A connection that was opened for the one is as good for the other.</summary>
    public bool IsReachedAlike(Relay one, Relay other) =>
        (one.Host, one.Port, one.Tls, one.Client, one.Username) == (other.Host, other.Port, other.Tls, other.Client, other.Username)
        // Encrypted anew, the same password is other octets.
        && (one.PasswordProtected == other.PasswordProtected || Password(one) == Password(other));

    /// <summary>
    /// Backs off, twice as long as last time; returns until when by the database's clock, null for a relay that is
    /// gone. Nothing is said of any person.
    /// </summary>
    public async Task<DateTimeOffset?> MarkFailedAsync(short relayId, RelayException failure, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE relay
            SET failures = failures + 1,
                available_at = now() + LEAST(@longest, @first * power(2, LEAST(failures, 20))),
                -- What was learned a moment ago was this failure, seen by one connection after the other.
                working_connections = CASE WHEN more_connections_at > now() + @patience - interval '1 minute' THEN NULL ELSE working_connections END,
                last_failure = @failure,
                last_failure_kind = @kind,
                last_failure_at = now()
            WHERE id = @relay
            RETURNING available_at
            """);
        command.With(
            new("patience", options.Value.MoreConnectionsAfter), new("first", options.Value.FirstBackOff),
            new("longest", options.Value.LongestBackOff),
            new("failure", UnicodeText.Truncate(Redaction.WithoutAddresses(failure.Message), LongestFailure)),
            new("kind", $"{failure.Kind}"), new("relay", relayId));
        return await command.ExecuteScalarAsync(ct) is DateTime until ? new DateTimeOffset(until, TimeSpan.Zero) : null;
    }

    /// <summary>
    /// Only so many connections work, 1 or more; returns the settled number. One more is tried after <see cref="SmtpOptions.MoreConnectionsAfter"/>.
    /// </summary>
    public async Task<(int Working, DateTimeOffset More)> LearnConnectionsAsync(short relayId, int working, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE relay
            SET working_connections = LEAST(working_connections, max_connections, @working), more_connections_at = now() + @patience
            WHERE id = @relay
            RETURNING COALESCE(working_connections, @working), more_connections_at;
            NOTIFY mailer
            """).With(new("working", working), new("patience", options.Value.MoreConnectionsAfter), new("relay", relayId));
        await using var row = await command.ExecuteReaderAsync(ct);
        // A relay that is gone opens no more.
        return await row.ReadAsync(ct) ? (row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1)) : (working, DateTimeOffset.MaxValue);
    }

    /// <summary>A connection above those known to work was opened: it counts among them, and the next one may be tried.</summary>
    public async Task AllowConnectionAsync(short relayId, int number, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            UPDATE relay
            SET working_connections = NULLIF(working_connections + 1, max_connections)
            WHERE id = @relay AND working_connections = @number AND more_connections_at <= now()
            """).With(new("relay", relayId), new("number", number));
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task MarkWorkingAsync(short relayId, CancellationToken ct)
    {
        await using var command = source.CreateCommand("UPDATE relay SET failures = 0, available_at = NULL WHERE id = @relay AND failures > 0");
        command.Parameters.Add(new("relay", relayId));
        await command.ExecuteNonQueryAsync(ct);
    }

    private bool Differs(Relay relay, SmtpOptions smtp) =>
        (relay.Host, relay.Port, relay.Tls, relay.Client, relay.Username) != (smtp.Host, smtp.Port, smtp.Tls, smtp.Client, smtp.Username)
        || Password(relay) != smtp.Password;

    private string? Password(Relay relay) => relay.PasswordProtected is { } secret ? passwords.Unprotect(secret) : null;

    private X509Certificate2Collection? TrustedRoots()
    {
        if (options.Value.TrustedRootsFile == "") return null;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(options.Value.TrustedRootsFile);
        return roots;
    }
}
