namespace SmaKom.Mailer.Archive;

public static class ArchiveFeature
{
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
    }

    public static void MapArchive(this WebApplication app)
    {
    }
}
