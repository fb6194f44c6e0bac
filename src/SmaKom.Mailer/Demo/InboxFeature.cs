using Microsoft.Extensions.Options;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Demo;

public static class InboxFeature
{
    public static void AddInbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InboxOptions>().BindConfiguration("Inbox").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<InboxOptions>, InboxOptions.Validation>();
        builder.Services.AddSingleton<InboxStore>();
        builder.Services.AddSingleton<InboxServer>();
        builder.Services.AddSingleton<InboxReader>();
        if (!builder.Configuration.GetValue<bool>("Inbox:Enabled")) return;
        builder.Services.AddHostedService(services => services.GetRequiredService<InboxStore>());
        builder.Services.AddHostedService(services => services.GetRequiredService<InboxServer>());
    }

    public static void MapInbox(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<InboxOptions>>().Value.Enabled) return;
        app.MapGet("/inkorg/{id:long}/html", async (HttpContext context, long id, InboxReader reader, CancellationToken ct) =>
        {
            if (await reader.FrameAsync(id, ct) is not { } html) return Results.NotFound();
            context.Response.Headers.ContentSecurityPolicy = ContentSecurity.FramedMail;
            context.Response.Headers.CacheControl = "no-store";
            return Results.Content(html, "text/html; charset=utf-8");
        });
    }
}
