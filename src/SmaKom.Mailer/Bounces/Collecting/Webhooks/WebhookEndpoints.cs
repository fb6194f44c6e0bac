using System.Text.Json;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>
/// What providers post their events to. Who is not known learns nothing: 404 where nothing is set, 401 for a wrong secret, 403 for a wrong signature,
/// without words. 200 only after the commit; anything else, and the provider comes again.
/// </summary>
internal static class WebhookEndpoints
{
    public const int LongestBody = 256 << 10;

    public static void MapWebhooks(this WebApplication app) => app.MapPost("/inkommande/{provider}/{secret}", TakeAsync)
        .DisableAntiforgery()
        .WithMetadata(new RequestSizeLimit(LongestBody + 1));

    private static async Task<IResult> TakeAsync(
        HttpContext context, string provider, string secret, IncomingMails mails, SnsCertificates sns, DatabaseClock time,
        IOptions<WebhookOptions> options)
    {
        var (settings, ct) = (options.Value, context.RequestAborted);
        // An error in HTML without words would get a page.
        context.Response.ContentType = "text/plain";
        if (settings.SecretOf(provider) is not { Length: > 0 } known) return Results.NotFound();
        if (!WebhookSignatures.IsSame(known, secret)) return Results.Unauthorized();
        if (await BodyAsync(context.Request, ct) is not { } body) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 20 });
            if (!await IsSignedAsync(provider, json.RootElement, body, context.Request.Headers, sns, settings, time.GetUtcNow(), ct))
                return Forbidden;
            if (provider == "ses" && WebhookSignatures.Text(json.RootElement, "Type") == "SubscriptionConfirmation")
                return await sns.ConfirmAsync(WebhookSignatures.Text(json.RootElement, "SubscribeURL"), ct) ? Results.Ok() : Forbidden;
            foreach (var (key, bytes) in WebhookEvents.Of(provider, json.RootElement))
                await mails.StoreAsync(new(provider, key, provider, null, bytes.Length, bytes), ct);
            return Results.Ok();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return Results.BadRequest();
        }
        catch (Exception e) when (e is HttpRequestException || DatabaseFailure.IsAway(e))
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static IResult Forbidden => Results.StatusCode(StatusCodes.Status403Forbidden);

    private static async Task<bool> IsSignedAsync(string provider, JsonElement json, byte[] body, IHeaderDictionary headers, SnsCertificates sns,
        WebhookOptions settings, DateTimeOffset now, CancellationToken ct)
    {
        switch (provider)
        {
            case "mailgun": return WebhookSignatures.IsMailgun(json, settings.MailgunSigningKey, now);
            case "sendgrid":
                return WebhookSignatures.IsSendGrid(body, headers["X-Twilio-Email-Event-Webhook-Timestamp"],
                    headers["X-Twilio-Email-Event-Webhook-Signature"], settings.SendGridPublicKey, now);
            case "ses":
                if (WebhookSignatures.Text(json, "TopicArn") != settings.SesTopic) return false;
                using (var key = await sns.KeyAsync(WebhookSignatures.Text(json, "SigningCertURL"), ct))
                    return key is not null && WebhookSignatures.IsSns(json, key);
            default: return true; // the secret in the path is all that these have
        }
    }

    /// <returns>Null: longer than it may be.</returns>
    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > LongestBody) return null;
        var body = new byte[LongestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length > LongestBody ? null : body[..length];
    }
}
