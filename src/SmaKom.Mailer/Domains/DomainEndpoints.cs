using SmaKom.Mailer.Accounts;

namespace SmaKom.Mailer.Domains;

/// <summary>What the button of <see cref="DomainsPage"/> posts to.</summary>
internal static class DomainEndpoints
{
    public const string Page = "/admin/doman";

    public static void MapDomains(this WebApplication app) => app.AdminGroup(Page).MapPost("/fraga", AskAsync);

    private static async Task<IResult> AskAsync(HttpContext context, DomainDoctor doctor)
    {
        await doctor.AskAsync(context.RequestAborted);
        return Results.LocalRedirect(Page);
    }
}
