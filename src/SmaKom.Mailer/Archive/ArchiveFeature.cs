namespace SmaKom.Mailer.Archive;

public static class ArchiveFeature
{
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssueArchive>();
        builder.Services.AddSingleton<PersonalLetters>();
    }

    /// <summary>The pages have their own addresses; a feed (<c>/arkiv/flode.atom</c>) and a calendar will be mapped here.</summary>
    public static void MapArchive(this WebApplication app)
    {
    }
}
