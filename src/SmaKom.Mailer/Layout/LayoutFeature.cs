using Microsoft.Extensions.Options;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Layout;

public static class LayoutFeature
{
    /// <summary>Cache-Control of what has a mark of its bytes in its address.</summary>
    public const string ForEver = "public, max-age=31536000, immutable";

    public static void AddLayout(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddLocalization();
        builder.Services.AddLetterTemplates();
        builder.Services.AddSingleton(Theme.FromSettings(builder.Configuration));
        builder.Services.AddSingleton<ThemeStylesheet>();
        builder.Services.AddSingleton<SiteFiles>();
        builder.Services.AddSingleton<LocalText>();
        builder.Services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true); // frame-ancestors says it
        builder.Services.AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>().Configure((Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions options, IOptions<SiteOptions> site) =>
            HostCookie.Name(options.Cookie, "formular", site.Value));
        // Addresses hold people's tokens: the request log, and the scopes that repeat the path, stay shut whatever the settings say.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }

    /// <summary>First in the pipeline: headers, language and friendly errors hold for every answer.</summary>
    public static void UseLayout(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseContentSecurity();
        app.UseRequestLanguage();
        app.UseExceptionHandler(errors => errors.Run(context => ErrorAsync(context, StatusCodes.Status500InternalServerError)));
        app.UseStatusCodePages(context => ErrorAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = ForEver });
        app.UseRouting();
    }

    public static void MapLayout(this WebApplication app)
    {
        app.Services.GetRequiredService<ThemeStylesheet>().Map(app);
        app.MapRazorComponents<App>();
    }

    private static Task ErrorAsync(HttpContext context, int status) =>
        PageResult.Of<ErrorPage>(status, (nameof(ErrorPage.Status), status)).ExecuteAsync(context);
}
