using Microsoft.AspNetCore.Identity;
using SmaKom.Mailer.Audit;

namespace SmaKom.Mailer.Accounts;

/// <summary>Someone of the office who may log in. The user name is the mail address.</summary>
public sealed class StaffMember : IdentityUser<int>
{
    /// <summary>Made by a sample run with a password that anyone can read: let in by a sample run only.</summary>
    public bool Sample { get; set; }
}

/// <summary>What a member of staff may do. The approver's part comes with approval (four eyes).</summary>
public static class StaffRole
{
    public const string Editor = "editor";
    public const string Approver = "approver";
    public const string Admin = Actor.AdministratorRole;
}

/// <summary>Names of the policies that pages ask for.</summary>
public static class StaffPolicy
{
    /// <summary>Everything under <c>/redaktion</c> but what became of single persons' letters: editors and administrators.</summary>
    public const string Editing = "editing";

    /// <summary>Everything under <c>/admin</c>, an issue's unknown letters and its receipt by person: administrators.</summary>
    public const string Administration = "administration";
}
