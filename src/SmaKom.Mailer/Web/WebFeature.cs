using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Web;

public static class WebFeature
{
    /// <summary>Cache-Control of what has a mark of its bytes in its address.</summary>
    public const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>Octets of a form: none uploads anything, and each body is held in memory.</summary>
    private const int LargestForm = 64 * 1024;

    public static void AddLayout(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestForm;
        });
        builder.Services.AddRazorComponents();
        builder.Services.AddLocalization();
        builder.Services.AddTransient(typeof(IStringLocalizer<>), typeof(PluralLocalizer<>));
        builder.Services.AddLetterTemplates();
        builder.Services.AddSingleton(ReadTheme(builder.Configuration));
        builder.Services.AddSingleton<ThemeStylesheet>();
        builder.Services.AddSingleton<SiteFiles>();
        builder.Services.AddSingleton<LocalText>();
        builder.Services.AddSingleton<SealedSearch>();
        builder.Services.AddSingleton<NewsletterName>();
        builder.Services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true); // frame-ancestors says it
        builder.Services.AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>()
            .Configure((Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions options, IOptions<SiteOptions> site) =>
            HostCookie.Name(options.Cookie, "formular", site.Value));
        // Addresses hold people's tokens: the request log, and the scopes that repeat the path, stay shut whatever the settings say.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // These name the address of each request below Information, and at Information every request: neither is wanted.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing.Matching.DfaMatcher", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.StaticFiles.StaticFileMiddleware", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Components.Routing.Router", LogLevel.Warning);
    }

    private static Theme ReadTheme(IConfiguration configuration)
    {
        try
        {
            return Theme.FromSettings(configuration);
        }
        catch (ThemeException wrong)
        {
            object[] facts = [wrong.Setting, wrong.Setting.Replace(":", "__", StringComparison.Ordinal), wrong.Example];
            throw new ConfigurationException(wrong.Kind switch
            {
                ThemeFault.Colour => SettingWords.Say("Theme.Colour", facts),
                ThemeFault.Font => SettingWords.Say("Theme.Font", facts),
                ThemeFault.WebAddress => SettingWords.Say("Theme.WebAddress", facts),
                _ => SettingWords.Say("Theme.Name", facts),
            });
        }
    }

    /// <summary>First in the pipeline: headers, language and friendly errors hold for every answer.</summary>
    public static void UseLayout(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseOwnAddress();
        app.UseContentSecurity();
        app.UseRequestLanguage();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => ErrorAsync(context, StatusOf(context)),
            // The sender's fault: whoever sends nonsense all day must not fill the log with it.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
        });
        app.Use(ExplainAsync);
        app.UseHeadRequests();
        app.UseLengthenedLinks();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = ForEver });
        app.UseRouting();
        app.UseReadableInput();
    }

    /// <summary>
    /// An error without words gets a page. (ASP.NET Core's own middleware for this passes over an antiforgery failure, whose empty
    /// answer calls itself HTML.)
    /// </summary>
    private static async Task ExplainAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength > 0) return;
        if (response.ContentType is null || response.ContentType.StartsWith("text/html", StringComparison.Ordinal))
            await ErrorAsync(context, response.StatusCode);
    }

    private static int StatusOf(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Error switch
        {
            // A body that is too long or cut short is the sender's fault, not ours.
            BadHttpRequestException bad => bad.StatusCode,
            { } e when DatabaseFailure.IsAway(e) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };

    private static async Task ErrorAsync(HttpContext context, int status)
    {
        // A page that has failed leaves its renderer behind in the request's services: the error page needs fresh ones.
        var failed = context.RequestServices;
        await using var scope = failed.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        // A page reads the form of its request, and this one may be what was wrong.
        context.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
        // Each renderer adds it, and refuses to find it.
        context.Response.Headers.Remove("blazor-enhanced-nav");
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "30";
        try
        {
            var isForm = HttpMethods.IsPost(context.Request.Method);
            // What is broken on our side may be what a page for staff needs.
            var page = status < 500 ? context.RequestServices.GetRequiredService<ErrorPageOf>()(context) : null;
            await PageResult.Of(page ?? typeof(ErrorPage), status, (nameof(ErrorPage.Status), status), (nameof(ErrorPage.IsForm), isForm))
                .ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = failed;
        }
    }
}
