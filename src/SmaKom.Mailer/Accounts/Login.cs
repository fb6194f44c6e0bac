using System.Net;
using Microsoft.AspNetCore.Identity;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Accounts;

/// <summary>What came of an attempt to log in. Only <see cref="TooManyAttempts"/> may be told apart from <see cref="Wrong"/> on the page.</summary>
public enum LoginAnswer
{
    In,

    /// <summary>Wrong address, wrong password, an account that waits, a sample login outside a sample run: one answer for all.</summary>
    Wrong,

    /// <summary>From this network address; says nothing about any account.</summary>
    TooManyAttempts,
}

/// <summary>Checks a password, begins a session and sets its cookie. Same answer and same work whether the account exists or not.</summary>
public sealed class Login(
    SignInManager<StaffMember> signIn, UserManager<StaffMember> members, LoginAttempts attempts, StaffSessions sessions, AuditLog log)
{
    private static readonly string DecoyHash = new PasswordHasher<StaffMember>().HashPassword(new StaffMember(), "decoy");

    public async Task<LoginAnswer> TryAsync(string email, string password, IPAddress? from, CancellationToken ct)
    {
        var member = await members.FindByEmailAsync(EmailAddress.TryParse(email, out var address, out _) ? address.Text : email.Trim());
        var verdict = await attempts.CountAsync(from, member?.Id, ct);
        if (verdict == AttemptVerdict.TooMany) return LoginAnswer.TooManyAttempts;
        if (await IsRightAsync(verdict == AttemptVerdict.Try ? member : null, password) && await BeginAsync(member!, ct)) return LoginAnswer.In;
        // What was typed is not noted: people type a password into the wrong field.
        await log.NoteAsync(member?.UserName is { } known ? Actor.Staff(known) : Actor.Nobody, "login.failed", null, ct);
        return LoginAnswer.Wrong;
    }

    /// <param name="member">Null: nobody who may try; it takes as long.</param>
    private async Task<bool> IsRightAsync(StaffMember? member, string password)
    {
        if (member is not null && await signIn.CanSignInAsync(member)) return await members.CheckPasswordAsync(member, password);
        members.PasswordHasher.VerifyHashedPassword(new StaffMember(), DecoyHash, password);
        return false;
    }

    private async Task<bool> BeginAsync(StaffMember member, CancellationToken ct)
    {
        if (await sessions.BeginAsync(member, ct) is not { } session) return false;
        await signIn.SignInWithClaimsAsync(member, isPersistent: false, [session]);
        return true;
    }
}
