using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Media;

/// <summary><c>/bild/{id}</c>: a picture with the type that its bytes were found to have, named by their hash, so that it never changes.</summary>
public static class MediaEndpoints
{
    public static void MapMedia(this WebApplication app) =>
        app.MapGet("/bild/{id}", ServeAsync);

    private static async Task<IResult> ServeAsync(HttpContext context, string id, MailerDb db, CancellationToken ct)
    {
        if (await db.Media.AsNoTracking().FirstOrDefaultAsync(media => media.Id == id, ct) is not { } picture) return Results.NotFound();
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurity.Upload;
        headers.CacheControl = WebFeature.ForEver;
        // Mail programs on the web, and the preview in a sandbox, show it from elsewhere.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(picture.Bytes, picture.ContentType);
    }
}
