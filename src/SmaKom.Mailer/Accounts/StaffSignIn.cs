using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Accounts;

/// <summary>Identity's sign-in, which keeps sample logins out of everything but a sample run.</summary>
internal sealed class StaffSignIn(
    UserManager<StaffMember> members,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<StaffMember> claims,
    IOptions<IdentityOptions> identity,
    ILogger<SignInManager<StaffMember>> log,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<StaffMember> confirmation,
    IOptions<AccountsOptions> options) : SignInManager<StaffMember>(members, context, claims, identity, log, schemes, confirmation)
{
    public override async Task<bool> CanSignInAsync(StaffMember user) =>
        (!user.Sample || options.Value.AllowSampleLogin) && await base.CanSignInAsync(user);
}
