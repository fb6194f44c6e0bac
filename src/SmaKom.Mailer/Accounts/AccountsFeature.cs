using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using SmaKom.Mailer.Accounts.Frame;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Accounts;

public static partial class AccountsFeature
{
    public const string LoginPath = "/logga-in";
    public const string LogoutPath = "/logga-ut";

    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccountsOptions>().BindConfiguration("Accounts").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccountsOptions>, AccountsOptions.Validation>();
        builder.Services.AddDbContext<AccountsDb>((services, options) =>
            DatabaseFeature.UseMailerDatabase(options, services.GetRequiredService<NpgsqlDataSource>()));
        AddIdentity(builder.Services);
        AddCookie(builder.Services);
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(StaffPolicy.Editing, policy => policy.RequireRole(StaffRole.Editor, StaffRole.Admin))
            .AddPolicy(StaffPolicy.Administration, policy => policy.RequireRole(StaffRole.Admin));
        builder.Services.AddSingleton<LoginAttempts>();
        builder.Services.AddSingleton<StaffSessions>();
        builder.Services.AddSingleton<LiveEvents>();
        builder.Services.AddSingleton<ErrorPageOf>(StaffErrors.PageOf);
        builder.Services.AddScoped<Login>();
        builder.Services.AddScoped<StaffRegister>();
    }

    public static void UseAccounts(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost(LogoutPath, LogOutAsync).RequireFormToken();
    }

    /// <summary>Says in the log how to make the first account when there is none.</summary>
    public static async Task PrepareAccountsAsync(this IServiceProvider services, CancellationToken ct)
    {
        // A sample run makes its own.
        if (services.GetRequiredService<IOptions<AccountsOptions>>().Value.AllowSampleLogin) return;
        await using var scope = services.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<AccountsDb>().Users.AnyAsync(ct))
            Log.NoStaff(scope.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AccountsFeature)));
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddIdentityCore<StaffMember>()
            .AddRoles<IdentityRole<int>>()
            .AddEntityFrameworkStores<AccountsDb>()
            .AddSignInManager<StaffSignIn>();
        services.AddOptions<IdentityOptions>().Configure(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            // An address may hold more than the ASCII letters that Identity allows in a user name.
            identity.User.AllowedUserNameCharacters = "";
            // Length is what counts (NIST SP 800-63B §3.1.1.2); rules about kinds of characters make worse passwords.
            identity.Password = new PasswordOptions
            {
                RequiredLength = 12,
                RequireDigit = false,
                RequireLowercase = false,
                RequireNonAlphanumeric = false,
                RequireUppercase = false
            };
        });
    }

    private static void AddCookie(IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<SiteOptions>, IOptions<AccountsOptions>, StaffSessions>((cookie, site, accounts, sessions) =>
            {
                // SameSite=Lax: a link to an issue, in a mail between colleagues, opens logged in. Every change is a POST with a token.
                HostCookie.Name(cookie.Cookie, "smakom", site.Value);
                // The session's row says how long; a cookie need not live longer.
                cookie.ExpireTimeSpan = accounts.Value.LongestSession;
                cookie.SlidingExpiration = false;
                cookie.Events.OnValidatePrincipal = sessions.ValidateAsync;
                cookie.LoginPath = LoginPath;
                cookie.ReturnUrlParameter = "till";
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            });
    }

    private static async Task<IResult> LogOutAsync(HttpContext context, SignInManager<StaffMember> signIn, StaffSessions sessions)
    {
        await sessions.EndAsync(context.User, context.RequestAborted);
        await signIn.SignOutAsync();
        return Results.LocalRedirect(LoginPath);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Nobody can log in yet. Make the first account with: smakom staff add --role admin <e-mail>")]
        public static partial void NoStaff(ILogger log);
    }
}
