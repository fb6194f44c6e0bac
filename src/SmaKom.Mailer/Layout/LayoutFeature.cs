namespace SmaKom.Mailer.Layout;

public static class LayoutFeature
{
    public static void AddLayout(this IHostApplicationBuilder builder)
    {
        builder.Services.AddAntiforgery();
    }

    public static void UseLayout(this WebApplication app)
    {
    }

    public static void MapLayout(this WebApplication app)
    {
    }
}
