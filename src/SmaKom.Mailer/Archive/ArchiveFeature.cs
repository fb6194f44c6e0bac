using SmaKom.Mailer.Archive.Faults;

namespace SmaKom.Mailer.Archive;

public static class ArchiveFeature
{
    public static void AddArchive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessibilityOptions>().BindConfiguration("Accessibility").ValidateOnStart();
        builder.Services.AddSingleton<FaultReports>();
        builder.Services.AddSingleton<IssueArchive>();
        builder.Services.AddSingleton<PersonalLetters>();
    }
}
