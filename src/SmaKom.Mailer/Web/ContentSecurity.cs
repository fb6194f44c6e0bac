using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Web;

/// <summary>What browsers may do with our answers. Every answer gets <see cref="Page"/>; an endpoint may replace it.</summary>
public static class ContentSecurity
{
    /// <summary>Our own pages: nothing from elsewhere, nothing inline, never in someone's frame.</summary>
    public const string Page =
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>A form of ours in a frame on whichever site: it has no cookie and no session, so nobody's click in it can be stolen.</summary>
    public const string OnOtherSites =
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors *; base-uri 'none'";

    /// <summary>
    /// A mail as its reader gets it, shown in a frame of ours: its inline styles work, its scripts and forms do not, its links open over the frame.
    /// </summary>
    public const string FramedMail = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; " + Framed;

    /// <summary>
    /// As <see cref="FramedMail"/>, and the page around it may look into it: to put the next text in, and to see which part is clicked.
    /// Nothing in it can run.
    /// </summary>
    public const string FramedPreview = FramedMail + " allow-same-origin";

    /// <summary>As <see cref="FramedPreview"/>, in a mail program that fetches no pictures.</summary>
    public const string FramedPreviewWithoutPictures = "default-src 'none'; style-src 'unsafe-inline'; " + Framed + " allow-same-origin";

    /// <summary>As <see cref="FramedPreview"/>, of a letter as a page with our stylesheets.</summary>
    public const string FramedPage = "default-src 'none'; style-src 'self'; img-src 'self'; " + Framed + " allow-same-origin";

    /// <summary>Bytes that someone uploaded.</summary>
    public const string Upload = "default-src 'none'; sandbox; frame-ancestors 'none'";

    private const string Framed = "form-action 'none'; frame-ancestors 'self'; base-uri 'none'; "
        + "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

    /// <summary>Nothing that a page of ours needs.</summary>
    private const string Permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

    public static void UseContentSecurity(this WebApplication app)
    {
        var https = app.Services.GetRequiredService<IOptions<SiteOptions>>().Value.PublicUrl.StartsWith("https:", StringComparison.Ordinal);
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Page;
            headers["Referrer-Policy"] = "no-referrer";
            headers.XContentTypeOptions = "nosniff";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = Permissions;
            context.Response.OnStarting(static answer =>
            {
                ((HttpResponse)answer).Headers.Remove("blazor-enhanced-nav"); // says what the pages are made with
                return Task.CompletedTask;
            }, context.Response);
            if (https) headers.StrictTransportSecurity = "max-age=31536000";
            return next(context);
        });
    }
}
