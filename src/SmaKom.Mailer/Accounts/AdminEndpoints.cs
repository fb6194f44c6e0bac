using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Accounts;

public static class AdminEndpoints
{
    /// <summary>A group of endpoints below <c>/admin</c>, for administrators only, whose posts come from our own forms.</summary>
    public static RouteGroupBuilder AdminGroup(this WebApplication app, string path) =>
        app.MapGroup(path).RequireAuthorization(StaffPolicy.Administration).RequireFormToken();
}
