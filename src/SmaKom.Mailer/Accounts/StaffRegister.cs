using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Accounts;

/// <summary>Adds members of staff.</summary>
public sealed class StaffRegister(UserManager<StaffMember> members, AccountsDb db)
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
        await AuditLog.NoteAsync((NpgsqlConnection)db.Database.GetDbConnection(), actor, "staff.add", $"{email.Text}: {role}", ct);
        await transaction.CommitAsync(ct);
        return password;
    }

    /// <summary>Makes the sample login, if it is not there.</summary>
    public async Task EnsureSampleAsync(string email, string password)
    {
        if (await members.FindByEmailAsync(email) is not null) return;
        await CreateAsync(new StaffMember { UserName = email, Email = email, EmailConfirmed = true, Sample = true }, password, [StaffRole.Editor, StaffRole.Admin]);
    }

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
