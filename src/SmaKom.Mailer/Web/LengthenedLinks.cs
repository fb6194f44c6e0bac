namespace SmaKom.Mailer.Web;

/// <summary>
/// Mail programs that make links of a text part take the full stop, the bracket or the quote after one for its end. No address of ours ends so:
/// what was added is taken away, for whoever leaves by such a link, too.
/// </summary>
internal static class LengthenedLinks
{
    private const string Added = ".,;:!?)]}>\"'*”’»…  ";

    /// <summary>Before routing.</summary>
    public static void UseLengthenedLinks(this WebApplication app) => app.Use((context, next) =>
    {
        var path = context.Request.Path.Value ?? "";
        if (path.Length > 1 && Added.Contains(path[^1], StringComparison.Ordinal)) context.Request.Path = "/" + path.Trim('/').TrimEnd([.. Added]);
        return next(context);
    });
}
