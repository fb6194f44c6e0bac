namespace SmaKom.Mailer.Web;

/// <summary>Every page that has a <c>@page</c>, and the stylesheet with the association's colours.</summary>
internal static class WebEndpoints
{
    public static void MapPages(this WebApplication app)
    {
        app.Services.GetRequiredService<ThemeStylesheet>().Map(app);
        app.MapRobots();
        app.MapRazorComponents<App>();
    }
}
