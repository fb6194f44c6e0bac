using Microsoft.AspNetCore.Antiforgery;

namespace SmaKom.Mailer.Web;

/// <summary>The token that a form of our own carries, asked for by endpoints that are no page (a page's form is checked by the framework).</summary>
public static class AntiforgeryFilter
{
    /// <summary>A POST without a valid token is answered with 400 and changes nothing.</summary>
    public static TBuilder RequireFormToken<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(CheckAsync);

    private static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        var isValid = !HttpMethods.IsPost(context.Request.Method)
            || await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
        return isValid ? await next(call) : Results.BadRequest();
    }
}
