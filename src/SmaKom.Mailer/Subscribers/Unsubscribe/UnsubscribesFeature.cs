using SmaKom.Mailer.Subscribers.Preferences;

namespace SmaKom.Mailer.Subscribers.Unsubscribe;

public static class UnsubscribesFeature
{
    public static void AddUnsubscribes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Unsubscribing>();
        builder.Services.AddSingleton<OneClick>();
        builder.Services.AddSingleton<SubscriberDetails>();
    }

    public static void MapUnsubscribes(this WebApplication app)
    {
        app.MapMethods("/avsluta/{token}", [HttpMethods.Get, HttpMethods.Head],
            (HttpContext context, string token, OneClick page) => page.ShowAsync(context, token));
        app.MapPost("/avsluta/{token}", (HttpContext context, string token, OneClick page) => page.PostAsync(context, token))
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimit(16 * 1024));
    }

    /// <summary>One click is a few octets; nobody needs to send megabytes to an address that takes them without a cookie.</summary>
    private sealed class RequestSizeLimit(long bytes) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }
}
