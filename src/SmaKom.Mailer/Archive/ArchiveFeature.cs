namespace SmaKom.Mailer.Archive;

public static class ArchiveFeature
{
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssueArchive>();
        builder.Services.AddSingleton<PersonalLetters>();
    }
}
