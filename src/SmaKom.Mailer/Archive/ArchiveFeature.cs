using SmaKom.Mailer.Archive.Faults;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Archive;

public static class ArchiveFeature
{
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessibilityOptions>().BindConfiguration("Accessibility").ValidateOnStart();
        builder.Services.AddSingleton<FaultReports>();
        builder.Services.AddSingleton<IssueArchive>();
        builder.Services.AddSingleton<ArchiveSearch>();
        builder.Services.AddSingleton<ArchiveStamp>();
        builder.Services.AddSingleton<PublicCalendar>();
        builder.Services.AddSingleton<CalendarFile>();
        builder.Services.AddSingleton<Feeds>();
        builder.Services.AddSingleton<SiteMap>();
        builder.Services.AddSingleton<PersonalLetters>();
        ArchiveCache.Add(builder.Services);
    }

    /// <summary>Behind the login, before the pages: what is kept is for those who are not logged in.</summary>
    public static void UseArchive(this WebApplication app)
    {
        app.UseOutputCache();
        app.UseEntityTags();
    }

    public static void MapArchive(this WebApplication app)
    {
        app.MapGet(Feeds.AtomPath, (Feeds feeds, CancellationToken ct) => feeds.AtomAsync(ct)).CacheOutput(ArchiveCache.Name);
        app.MapGet(Feeds.JsonPath, (Feeds feeds, CancellationToken ct) => feeds.JsonAsync(ct)).CacheOutput(ArchiveCache.Name);
        app.MapGet(PublicCalendar.AllPath, (CalendarFile file, CancellationToken ct) => file.AllAsync(ct)).CacheOutput(ArchiveCache.Name);
        app.MapGet(PublicCalendar.FilePath("{id}"), (string id, CalendarFile file, CancellationToken ct) => file.OneAsync(id, ct))
            .CacheOutput(ArchiveCache.Name);
        app.MapGet("/sitemap.xml", (SiteMap map, CancellationToken ct) => map.AnswerAsync(ct)).CacheOutput(ArchiveCache.Name);
    }
}
