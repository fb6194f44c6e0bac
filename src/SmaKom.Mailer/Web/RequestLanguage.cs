using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Web;

/// <summary>
/// In which language a page is shown: <c>?lang=</c> (kept in a cookie, as a choice the reader made), that cookie, Accept-Language, Swedish.
/// </summary>
public static class RequestLanguage
{
    public const string QueryKey = "lang";
    private const string CookieName = "sprak";

    public static void UseRequestLanguage(this WebApplication app)
    {
        var cookie = new CookieBuilder { MaxAge = TimeSpan.FromDays(365) };
        HostCookie.Name(cookie, CookieName, app.Services.GetRequiredService<IOptions<SiteOptions>>().Value);
        var options = new RequestLocalizationOptions { ApplyCurrentCultureToResponseHeaders = true }
            .SetDefaultCulture(Languages.Default)
            .AddSupportedCultures([.. Languages.All])
            .AddSupportedUICultures([.. Languages.All]);
        options.RequestCultureProviders =
        [
            new QueryStringRequestCultureProvider { QueryStringKey = QueryKey, UIQueryStringKey = QueryKey, Options = options },
            new CookieRequestCultureProvider { CookieName = cookie.Name!, Options = options },
            new AcceptLanguageHeaderRequestCultureProvider { Options = options },
        ];
        app.UseRequestLocalization(options);
        app.Use((context, next) => KeepChoiceAsync(context, next, cookie));
    }

    private static Task KeepChoiceAsync(HttpContext context, RequestDelegate next, CookieBuilder cookie)
    {
        // What stands in a frame on another site was chosen by that site.
        if (context.Request.Headers["Sec-Fetch-Dest"] != "iframe"
            && Languages.All.Contains(context.Request.Query[QueryKey].ToString(), StringComparer.Ordinal))
        {
            var culture = context.Features.Get<IRequestCultureFeature>()!.RequestCulture;
            context.Response.Cookies.Append(cookie.Name!, CookieRequestCultureProvider.MakeCookieValue(culture), cookie.Build(context));
        }

        return next(context);
    }
}
