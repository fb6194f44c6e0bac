using Microsoft.AspNetCore.Localization;

namespace SmaKom.Mailer.Web;

/// <summary>In which language a page is shown: <c>?lang=</c> (kept in a cookie, as a choice the reader made), that cookie, Accept-Language, Swedish.</summary>
public static class RequestLanguage
{
    public const string QueryKey = "lang";
    public const string Cookie = "sprak";
    private static readonly string[] Languages = ["sv", "en"];

    public static void UseRequestLanguage(this WebApplication app)
    {
        var options = new RequestLocalizationOptions { ApplyCurrentCultureToResponseHeaders = true }
            .SetDefaultCulture(Languages[0])
            .AddSupportedCultures(Languages)
            .AddSupportedUICultures(Languages);
        options.RequestCultureProviders =
        [
            new QueryStringRequestCultureProvider { QueryStringKey = QueryKey, UIQueryStringKey = QueryKey, Options = options },
            new CookieRequestCultureProvider { CookieName = Cookie, Options = options },
            new AcceptLanguageHeaderRequestCultureProvider { Options = options },
        ];
        app.UseRequestLocalization(options);
        app.Use(KeepChoiceAsync);
    }

    private static Task KeepChoiceAsync(HttpContext context, RequestDelegate next)
    {
        if (Languages.Contains(context.Request.Query[QueryKey].ToString(), StringComparer.Ordinal))
        {
            var culture = context.Features.Get<IRequestCultureFeature>()!.RequestCulture;
            context.Response.Cookies.Append(Cookie, CookieRequestCultureProvider.MakeCookieValue(culture), new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                HttpOnly = true,
                IsEssential = true,
            });
        }

        return next(context);
    }
}
