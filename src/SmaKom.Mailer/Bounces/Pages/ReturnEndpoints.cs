using System.Globalization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Bounces.Collecting;

namespace SmaKom.Mailer.Bounces.Pages;

/// <summary>What the buttons of <see cref="ReturnsPage"/> and <see cref="ReturnPage"/> post to.</summary>
internal static class ReturnEndpoints
{
    public const string Page = "/admin/studsar";
    public const string Done = "las-om";
    public const string Forgotten = "gallrat";
    public const string Nothing = "inget";

    public static void MapReturns(this WebApplication app) => app.AdminGroup(Page).MapPost("/{id:long}/las-om", ReplayAsync);

    private static async Task<IResult> ReplayAsync(HttpContext context, long id, StoredMails mails)
    {
        var answer = await mails.ReplayAsync(id, Actor.Of(context.User), context.RequestAborted) switch
        {
            ReplayAnswer.Done => Done,
            ReplayAnswer.Forgotten => Forgotten,
            _ => Nothing,
        };
        return Results.LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"{Page}?svar={answer}&mail={id}"));
    }
}
