namespace SmaKom.Mailer.Accounts.Frame;

/// <summary>Whoever is logged in reads of an error on a staff page within the frame that they came from.</summary>
internal static class StaffErrors
{
    public static Type? PageOf(HttpContext context)
    {
        var (user, path) = (context.User, context.Request.Path);
        if (user.Identity is not { IsAuthenticated: true }) return null;
        if (path.StartsWithSegments("/admin")) return user.IsInRole(StaffRole.Admin) ? typeof(AdminErrorPage) : typeof(StaffErrorPage);
        return path.StartsWithSegments("/redaktion") ? typeof(StaffErrorPage) : null;
    }
}
