using System.Text;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Subscribers.SignUp.Embed;

/// <summary>
/// The sign-up form on other sites, as a frame and as HTML to paste (decision 25). Neither has cookies, so neither can have an antiforgery
/// token: what they send makes a confirmation mail at most, within the limits of all sign-ups.
/// </summary>
internal static class EmbedEndpoints
{
    public const string Frame = "/prenumerera/ram";
    public const string Snippet = "/prenumerera/formular";
    private const string Thanks = Frame + "/tack";
    private const string OurThanks = "/prenumerera/tack";

    public static void MapEmbeddedSignUp(this WebApplication app)
    {
        app.MapGet(Frame, (HttpContext context) => Framed<EmbeddedSignUp>(context));
        app.MapPost(Frame, SendFramedAsync).DisableAntiforgery();
        app.MapGet(Thanks, (HttpContext context) => Framed<EmbeddedThanks>(context));
        app.MapGet(Frame + ".css", Colours);
        app.MapGet(Snippet, () => Results.Redirect("/prenumerera"));
        app.MapPost(Snippet, SendPastedAsync).DisableAntiforgery();
    }

    private static async Task<IResult> SendFramedAsync(HttpContext context, SignUps signUps)
    {
        if (await SentForm.ReadAsync(context) is not { } sent) return Results.BadRequest();
        var form = SignUpForm.Of(sent);
        var outcome = await signUps.SendAsync(form, Frame, isTimed: true, context.Connection.RemoteIpAddress, context.RequestAborted);
        return outcome.Answer == SignUpAnswer.Thanks ? SeeOther(context, Thanks + context.Request.QueryString)
            : Framed<EmbeddedSignUp>(context, Status(outcome), (nameof(EmbeddedSignUp.Form), form), (nameof(EmbeddedSignUp.Outcome), outcome));
    }

    // What is to be mended is mended on our own page, where the form has all that ours has.
    private static async Task<IResult> SendPastedAsync(HttpContext context, SignUps signUps)
    {
        if (await SentForm.ReadAsync(context) is not { } sent) return Results.BadRequest();
        var form = SignUpForm.Of(sent);
        var outcome = await signUps.SendAsync(form, SiteOf(context), isTimed: false, context.Connection.RemoteIpAddress, context.RequestAborted);
        return outcome.Answer == SignUpAnswer.Thanks ? SeeOther(context, OurThanks)
            : PageResult.Of<SignUpPage>(Status(outcome), (nameof(SignUpPage.FromElsewhere), (form, outcome)));
    }

    private static IResult Framed<TPage>(HttpContext context, int status = 200, params (string, object?)[] parameters)
    {
        context.Response.Headers.ContentSecurityPolicy = ContentSecurity.OnOtherSites;
        context.Response.Headers.CacheControl = "no-store";
        return PageResult.Of<TPage>(status, parameters);
    }

    private static IResult Colours(HttpContext context, Theme theme)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.Bytes(Encoding.UTF8.GetBytes(EmbedColours.Read(context.Request.Query, theme).Css()), "text/css; charset=utf-8");
    }

    private static int Status(SignUpOutcome outcome) => outcome.Answer == SignUpAnswer.TooMany ? StatusCodes.Status429TooManyRequests : 200;

    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>
    /// The site with the form, for the proof of consent; which page of it, browsers do not tell. A path of ours where they tell nothing.
    /// </summary>
    private static string SiteOf(HttpContext context) =>
        Uri.TryCreate(context.Request.Headers.Origin, UriKind.Absolute, out var origin) && origin.Host.Length is > 0 and < 254
            ? origin.GetLeftPart(UriPartial.Authority) : Snippet;
}
