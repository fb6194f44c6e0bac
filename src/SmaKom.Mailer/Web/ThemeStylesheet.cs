using System.Text;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Web;

/// <summary>The settings' colours and fonts as CSS custom properties, the same as in the mail, and a small mark for the browser's tab.</summary>
public sealed class ThemeStylesheet
{
    private readonly byte[] css;
    private readonly byte[] letter;
    private readonly byte[] icon;
    private readonly byte[] oldIcon;

    public ThemeStylesheet(Theme theme)
    {
        css = Encoding.UTF8.GetBytes(
            $":root{{color-scheme:light dark;--heading-font:{theme.HeadingFont};{Properties(theme.Light)}}}\n" +
            $"@media(prefers-color-scheme:dark){{:root{{{Properties(theme.Dark)}}}}}\n");
        icon = Encoding.UTF8.GetBytes(
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="{theme.Light.Accent}"/><path d="M6 10h20v13H6z M6 10l10 8 10-8" fill="none" stroke="{theme.Light.Surface}" stroke-width="2.5" stroke-linejoin="round"/></svg>""");
        oldIcon = FavIcon.Draw(theme.Light.Accent, theme.Light.Surface);
        letter = Encoding.UTF8.GetBytes(LetterCss.For(theme));
        Address = $"/tema.css?v={SiteFiles.Mark(css)}";
        LetterListPath = $"/brev.css?v={SiteFiles.Mark(letter)}";
        IconAddress = $"/ikon.svg?v={SiteFiles.Mark(icon)}";
    }

    public string Address { get; }

    /// <summary>The stylesheet of an issue shown as a page.</summary>
    public string LetterListPath { get; }
    public string IconAddress { get; }

    public void Map(WebApplication app)
    {
        app.MapGet("/tema.css", (HttpContext context) => Serve(context, css, "text/css; charset=utf-8"));
        app.MapGet("/brev.css", (HttpContext context) => Serve(context, letter, "text/css; charset=utf-8"));
        app.MapGet("/ikon.svg", (HttpContext context) => Serve(context, icon, "image/svg+xml"));
        app.MapGet("/favicon.ico", (HttpContext context) => Serve(context, oldIcon, "image/x-icon", "public, max-age=86400"));
    }

    private static IResult Serve(HttpContext context, byte[] bytes, string type, string kept = WebFeature.ForEver)
    {
        context.Response.Headers.CacheControl = kept;
        return Results.Bytes(bytes, type);
    }

    private static string Properties(Palette palette) =>
        $"--paper:{palette.Paper};--surface:{palette.Surface};--ink:{palette.Ink};--muted:{palette.Muted};--accent:{palette.Accent};" +
        $"--accent-soft:{palette.AccentSoft};--sun:{palette.Sun};--alarm:{palette.Alarm};--line:{palette.Line}";
}
