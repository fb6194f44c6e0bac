using Microsoft.Extensions.Options;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Demo;

/// <summary>A mail's HTML, which the inbox shows in a frame.</summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<InboxOptions>>().Value.Enabled) return;
        app.MapGet("/inkorg/{id:long}/html", ShowAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, long id, InboxReader reader)
    {
        if (await reader.FrameAsync(id, context.RequestAborted) is not { } html) return Results.NotFound();
        context.Response.Headers.ContentSecurityPolicy = ContentSecurity.FramedMail;
        context.Response.Headers.CacheControl = "no-store";
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
