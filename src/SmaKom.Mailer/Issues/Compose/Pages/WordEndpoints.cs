using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>
/// What <c>new-issue.js</c> posts once somebody has seen what their Word document became: its pictures one by one, and then its texts, which name
/// them. The document itself is never sent.
/// </summary>
internal static class WordEndpoints
{
    public const string ContentField = "innehall";

    /// <summary>Octets of the token, the month and what stands around fields.</summary>
    private const int RestOfForm = 16 << 10;

    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapPost("/nytt/bild", AddPictureAsync).WithMetadata(new RequestSizeLimit(ComposeEndpoints.LargestUpload));
        staff.MapPost("/nytt/word", CreateAsync).WithMetadata(new RequestSizeLimit(WordDocument.Heaviest + RestOfForm));
    }

    private static async Task<IResult> AddPictureAsync(HttpContext context, MediaLibrary library, IStringLocalizer<ComposeWords> words) =>
        await ComposeEndpoints.FormAsync(context) is { Files.Count: 1 } form
            ? ComposeEndpoints.Told(await ComposeEndpoints.StoreAsync(form, library, Actor.Of(context.User), context.RequestAborted), words)
            : Results.BadRequest();

    private static async Task<IResult> CreateAsync(HttpContext context, IssueDrafts drafts)
    {
        if (await ComposeEndpoints.FormAsync(context) is not { } form || WordDocument.Read($"{form[ContentField]}") is not { } document)
            return Results.BadRequest();
        return await drafts.CreateAsync(document, ComposeEndpoints.MonthOf(form), Actor.Of(context.User), context.RequestAborted) is { } made
            ? Results.Json(new { address = ComposeEndpoints.Address(made) })
            : Results.BadRequest();
    }
}
