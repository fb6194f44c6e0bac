using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.Unsubscribe;

/// <summary>The address in a letter's footer and in its List-Unsubscribe (RFC 8058).</summary>
internal static class UnsubscribeEndpoints
{
    public static void MapUnsubscribes(this WebApplication app)
    {
        app.MapGet("/avsluta/{token}", (HttpContext context, string token, OneClick page) => page.ShowAsync(context, token));
        app.MapPost("/avsluta/{token}", (HttpContext context, string token, OneClick page) => page.PostAsync(context, token))
            .DisableAntiforgery()
            // One click is a few octets; nobody needs to send megabytes to an address that takes them without a cookie.
            .WithMetadata(new RequestSizeLimit(16 << 10));
    }
}
