using Hangfire.States;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Issues;

public static class IssuesFeature
{
    public static void AddIssues(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new LetterLook(builder.Configuration[TemplatesAtStart.FolderSetting]));
        builder.Services.AddLetterTemplates();
        builder.Services.AddSingleton<IssueRenderer>();
        builder.Services.AddSingleton<LetterFreezer>();
        builder.Services.AddSingleton<IssuePlanner>();
        builder.AddIssueChecks();
        builder.Services.AddSingleton<IssueCommands>();
        builder.Services.AddSingleton<IssueJobs>();
        builder.Services.AddSingleton<IssueCorrections>();
        builder.Services.AddSingleton<Import.IssueImport>();
        builder.Services.AddSingleton<ICheck, CalendarCheck>();
        builder.AddCompose();
        builder.Services.AddScoped<IssueRun>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<IApplyStateFilter, IssueJobFilter>();
        builder.Services.AddSingleton<IPlannedJobReader, IssueRun.Reader>();
    }
}
