using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;

namespace SmaKom.Mailer.Accounts;

/// <summary>A member of staff as others see them.</summary>
/// <param name="Waits">After too many wrong passwords.</param>
/// <param name="Sessions">Logins that are open.</param>
/// <param name="SeenAt">The last request of any login, an ended one included; null: none for a month.</param>
public sealed record StaffRow(string Email, IReadOnlyList<string> Roles, bool Sample, bool Waits, int Sessions, DateTimeOffset? SeenAt);

/// <summary>What came of a change.</summary>
public enum StaffChange
{
    Done,
    NoSuchMember,

    /// <summary>Refused: nobody would be left who may do everything.</summary>
    LastAdministrator,
}

/// <summary>
/// Who may log in. Whoever gets another password or role, or is removed, is logged out everywhere (<c>0025_sessions.sql</c>).
/// </summary>
public sealed class StaffRegister(UserManager<StaffMember> members, AccountsDb db, IOptions<AccountsOptions> options)
{
    // Without letters and digits that are mistaken for each other when read aloud.
    private const string PasswordLetters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>A new account with a generated password; null if the address already has one.</summary>
    /// <returns>The password, known to nobody else: show it once.</returns>
    public async Task<string?> AddAsync(EmailAddress email, string role, Actor actor, CancellationToken ct)
    {
        if (await members.FindByEmailAsync(email.Text) is not null) return null;
        var password = NewPassword();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await CreateAsync(new StaffMember { UserName = email.Text, Email = email.Text, EmailConfirmed = true }, password, [role]);
        await NoteAsync(actor, "staff.add", $"{email.Text}: {role}", ct);
        await transaction.CommitAsync(ct);
        return password;
    }

    /// <summary>By address.</summary>
    public async Task<IReadOnlyList<StaffRow>> ListAsync(CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            SELECT m.email, m.sample, COALESCE(m.lockout_end > now(), false), count(s.id) FILTER (WHERE s.is_open), max(s.seen_at),
                ARRAY(SELECT r.name FROM staff_member_role AS h JOIN staff_role AS r ON r.id = h.role_id WHERE h.user_id = m.id ORDER BY r.name)
            FROM staff_member AS m
            LEFT JOIN (SELECT id, staff_id, seen_at, ended_at IS NULL AND seen_at > now() - @idle AND created_at > now() - @longest AS is_open
                       FROM staff_session) AS s ON s.staff_id = m.id
            GROUP BY m.id
            ORDER BY m.normalized_email
            """, Connection).With(new("idle", options.Value.Session), new("longest", options.Value.LongestSession));
        var staff = new List<StaffRow>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            staff.Add(new(rows.GetString(0), rows.GetFieldValue<string[]>(5), rows.GetBoolean(1), rows.GetBoolean(2), (int)rows.GetInt64(3),
                rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4)));
        return staff;
    }

    /// <summary>A new generated password, also for an account that waits; null if there is no such account.</summary>
    /// <returns>The password, known to nobody else: show it once.</returns>
    public async Task<string?> RenewPasswordAsync(EmailAddress email, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await members.FindByEmailAsync(email.Text) is not { } member) return null;
        var password = NewPassword();
        (member.PasswordHash, member.AccessFailedCount, member.LockoutEnd) = (members.PasswordHasher.HashPassword(member, password), 0, null);
        Require(await members.UpdateAsync(member));
        await NoteAsync(actor, "staff.password", email.Text, ct);
        await transaction.CommitAsync(ct);
        return password;
    }

    /// <summary>This role and no other.</summary>
    public async Task<StaffChange> GiveRoleAsync(EmailAddress email, string role, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await members.FindByEmailAsync(email.Text) is not { } member) return StaffChange.NoSuchMember;
        if (role != StaffRole.Admin && await IsLastAdministratorAsync(member, ct)) return StaffChange.LastAdministrator;
        var roles = await members.GetRolesAsync(member);
        Require(await members.RemoveFromRolesAsync(member, roles.Where(old => old != role)));
        if (!roles.Contains(role)) Require(await members.AddToRoleAsync(member, role));
        await NoteAsync(actor, "staff.role", $"{email.Text}: {role}", ct);
        await transaction.CommitAsync(ct);
        return StaffChange.Done;
    }

    /// <summary>What they did stays in the audit log, under their address.</summary>
    public async Task<StaffChange> RemoveAsync(EmailAddress email, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await members.FindByEmailAsync(email.Text) is not { } member) return StaffChange.NoSuchMember;
        if (await IsLastAdministratorAsync(member, ct)) return StaffChange.LastAdministrator;
        Require(await members.DeleteAsync(member));
        await NoteAsync(actor, "staff.remove", email.Text, ct);
        await transaction.CommitAsync(ct);
        return StaffChange.Done;
    }

    /// <summary>Somebody may do everything; a sample login counts for nobody.</summary>
    public async Task<bool> HasAdministratorAsync() => (await AdministratorsAsync()).Count > 0;

    /// <summary>Makes the sample login, if it is not there.</summary>
    public async Task EnsureSampleAsync(string email, string password)
    {
        if (await members.FindByEmailAsync(email) is not null) return;
        await CreateAsync(new StaffMember { UserName = email, Email = email, EmailConfirmed = true, Sample = true }, password,
            [StaffRole.Editor, StaffRole.Admin]);
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    private Task NoteAsync(Actor actor, string what, string target, CancellationToken ct) => AuditLog.NoteAsync(Connection, actor, what, target, ct);

    private async Task<bool> IsLastAdministratorAsync(StaffMember member, CancellationToken ct)
    {
        // One change at a time: two administrators who remove each other would both be told that one is left.
        await db.Database.ExecuteSqlAsync($"SELECT FROM staff_role WHERE name = {StaffRole.Admin} FOR NO KEY UPDATE", ct);
        return await AdministratorsAsync() is [var only] && only.Id == member.Id;
    }

    private async Task<List<StaffMember>> AdministratorsAsync() =>
        [.. (await members.GetUsersInRoleAsync(StaffRole.Admin)).Where(member => !member.Sample)];

    private async Task CreateAsync(StaffMember member, string password, string[] roles)
    {
        Require(await members.CreateAsync(member, password));
        Require(await members.AddToRolesAsync(member, roles));
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }

    // Four groups of five from 31 letters: 99 bits.
    private static string NewPassword() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(PasswordLetters, 5)));
}
