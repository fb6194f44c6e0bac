using System.Security.Cryptography;

namespace SmaKom.Mailer.Web;

/// <summary>
/// <c>ETag</c> and <c>Last-Modified</c> (RFC 9110 §8.8) of an answer that is the same for all who read: the tag is made of its octets, so that it
/// cannot say "the same" of anything else. Whoever asks with it again is answered by the cache in front of this, with 304.
/// </summary>
internal static class EntityTag
{
    private static readonly object Key = new();
    private const string Varies = "Accept-Language, Cookie";

    /// <summary>The answer to this request is to have one.</summary>
    public static void Mark(HttpContext context, DateTimeOffset changedAt) => context.Items[Key] = changedAt;

    /// <summary>Behind the cache.</summary>
    public static void UseEntityTags(this WebApplication app) => app.Use((context, next) =>
        context.Items.TryGetValue(Key, out var at) && at is DateTimeOffset changed ? AnswerAsync(context, next, changed) : next(context));

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, DateTimeOffset changedAt)
    {
        var body = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = body;
        }

        var octets = held.GetBuffer().AsMemory(0, (int)held.Length);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            // A form's token is one person's: that such a page is shared is a mistake in the program.
            if (octets.Span.IndexOf("__RequestVerificationToken"u8) >= 0)
                throw new InvalidOperationException("A shared page holds the token of a form.");
            var headers = context.Response.GetTypedHeaders();
            headers.ETag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(octets.Span).AsSpan(0, 12))}\"");
            headers.LastModified = changedAt;
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.Vary = Varies;
            context.Response.ContentLength = octets.Length;
        }

        // What has no words yet is given an error page, farther out.
        if (octets.Length > 0) await body.WriteAsync(octets, context.RequestAborted);
    }
}
