using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Relays;

/// <param name="PasswordDropped">It was meant for another server or user.</param>
public sealed record RelayChange(Relay Relay, bool PasswordDropped);

/// <summary>What people do with relays, by page or command. Running workers follow a change at once.</summary>
public sealed class RelayCommands(IDbContextFactory<MailerDb> contexts)
{
    /// <summary>In the order of use; those that are switched off last.</summary>
    public async Task<IReadOnlyList<Relay>> ListAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Relays.AsNoTracking().OrderByDescending(r => r.Enabled).ThenBy(r => r.Priority).ThenBy(r => r.Id).ToListAsync(ct);
    }

    public async Task<Relay?> FindAsync(short id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Relays.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, ct);
    }

    public async Task<Relay?> FindAsync(string name, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Relays.AsNoTracking().SingleOrDefaultAsync(r => r.Name == name, ct);
    }

    /// <summary>False when another relay has this name.</summary>
    public async Task<bool> AddAsync(Relay relay, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Relays.AnyAsync(r => r.Name == relay.Name, ct)) return false;
        db.Relays.Add(relay);
        await SaveAsync(db, relay, "relay.add", actor, ct);
        return true;
    }

    /// <summary>
    /// Null when there is no such relay any more. A kept password was meant for one server: another host, port, TLS mode or user drops it,
    /// unless a new one came with the change.
    /// </summary>
    public async Task<RelayChange?> ChangeAsync(short id, Action<Relay> change, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Relays.SingleOrDefaultAsync(r => r.Id == id, ct) is not { } relay) return null;
        var (login, password) = (LoginOf(relay), relay.PasswordProtected);
        change(relay);
        var moved = LoginOf(relay) != login;
        var dropped = moved && password is not null && relay.PasswordProtected == password;
        if (dropped) relay.PasswordProtected = null;
        // New settings get a new chance at once.
        (relay.Failures, relay.AvailableAt, relay.LastFailure, relay.LastFailureKind) = (0, null, null, null);
        (relay.WorkingConnections, relay.MoreConnectionsAt) = (null, null);
        await SaveAsync(db, relay, "relay.change", actor, ct, moved ? $": {login} → {LoginOf(relay)}" : "");
        return new(relay, dropped);
    }

    /// <summary>Its limits go too. Null when there is no such relay any more; else its name.</summary>
    public async Task<string?> RemoveAsync(short id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.Relays.SingleOrDefaultAsync(r => r.Id == id, ct) is not { } relay) return null;
        db.Relays.Remove(relay);
        try
        {
            await SaveAsync(db, relay, "relay.remove", actor, ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else removed it in between.
            return null;
        }

        return relay.Name;
    }

    private static string LoginOf(Relay relay) => $"{relay.Username ?? "–"}@{relay.Host}:{relay.Port} {relay.Tls}";

    /// <summary>The change, its row in the audit log and the workers' call in one transaction.</summary>
    private static async Task SaveAsync(MailerDb db, Relay relay, string what, Actor actor, CancellationToken ct, string more = "")
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await AuditLog.NoteAsync(connection, actor, what, relay.Name + more, ct);
        await Wake.NotifyAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }
}
