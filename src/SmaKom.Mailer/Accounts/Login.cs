using System.Net;
using Microsoft.AspNetCore.Identity;
using SmaKom.Mailer.Audit;

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

/// <summary>Checks a password and sets the cookie. Same answer and same work whether the account exists or not.</summary>
public sealed class Login(SignInManager<StaffMember> signIn, UserManager<StaffMember> members, LoginThrottle throttle, AuditLog log)
{
    private static readonly string DecoyHash = new PasswordHasher<StaffMember>().HashPassword(new StaffMember(), "decoy");

    public async Task<LoginAnswer> TryAsync(string email, string password, IPAddress? from, CancellationToken ct)
    {
        if (!throttle.Allows(from)) return LoginAnswer.TooManyAttempts;
        var member = await members.FindByEmailAsync(email.Trim());
        var answer = await TryAsync(member, password);
        // What was typed is not noted: people type a password into the wrong field.
        var actor = member?.UserName is { } known ? Actor.Staff(known) : Actor.Nobody;
        await log.NoteAsync(actor, answer == LoginAnswer.In ? "login.in" : "login.failed", null, ct);
        return answer;
    }

    private async Task<LoginAnswer> TryAsync(StaffMember? member, string password)
    {
        if (member is null || await members.IsLockedOutAsync(member)) return WrongAfterSameWork(password);
        var result = await signIn.PasswordSignInAsync(member, password, isPersistent: false, lockoutOnFailure: true);
        return result.Succeeded ? LoginAnswer.In : LoginAnswer.Wrong;
    }

    private LoginAnswer WrongAfterSameWork(string password)
    {
        members.PasswordHasher.VerifyHashedPassword(new StaffMember(), DecoyHash, password);
        return LoginAnswer.Wrong;
    }
}
