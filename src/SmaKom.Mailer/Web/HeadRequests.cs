namespace SmaKom.Mailer.Web;

/// <summary>HEAD is answered as GET is, without the body (RFC 9110 §9.3.2): by every address, whatever methods it was mapped for.</summary>
internal static class HeadRequests
{
    private static readonly object Mark = new();

    /// <summary>Before routing. Kestrel, which knows what was asked, keeps the body back.</summary>
    public static void UseHeadRequests(this WebApplication app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[Mark] = true;
        }

        return next(context);
    });

    /// <summary>Nobody reads the body: one that never ends must not begin.</summary>
    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(Mark);
}
