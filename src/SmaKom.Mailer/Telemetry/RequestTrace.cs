using System.Diagnostics;

namespace SmaKom.Mailer.Telemetry;

/// <summary>
/// One span a request, of our own: ASP.NET Core's carries the address, and with it people's tokens. Named by method and route
/// (<c>GET /avsluta/{token}</c>), begun anew, since a stranger's traceparent is no parent of ours.
/// </summary>
internal static class RequestTrace
{
    public static async Task AroundAsync(HttpContext context, RequestDelegate next)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        Activity.Current = null;
        using var span = Instruments.Traces.StartActivity($"{context.Request.Method} {route ?? "(no route)"}", ActivityKind.Server);
        try
        {
            await next(context);
            span?.SetTag("http.response.status_code", context.Response.StatusCode);
        }
        catch (Exception e)
        {
            // The type only: a message may repeat what was typed.
            span?.SetTag("error.type", e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
