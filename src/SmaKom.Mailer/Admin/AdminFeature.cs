using SmaKom.Mailer.Accounts;

namespace SmaKom.Mailer.Admin;

public static class AdminFeature
{
    public static void AddAdmin(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminLog>();
    }

    /// <summary>A group of endpoints below <c>/admin</c>, for administrators only.</summary>
    public static RouteGroupBuilder AdminGroup(this WebApplication app, string path) => app.MapGroup(path).RequireAuthorization(StaffPolicy.Administration);
}
