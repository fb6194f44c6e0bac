using Microsoft.Extensions.Options;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Issues.Pages;

public static class IssuePagesFeature
{
    public static void AddIssuePages(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<UndoOptions>().BindConfiguration("Schedule").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<UndoOptions>, UndoOptions.Validation>();
        builder.Services.AddSingleton<Phrases>();
        builder.Services.AddSingleton<IssueNames>();
        builder.Services.AddScoped<IssueNamesById>();
        builder.Services.AddSingleton<SendTimeReader>();
        builder.Services.AddSingleton<AudienceCount>();
        builder.Services.AddSingleton<IssuePreview>();
        builder.Services.AddSingleton<GuideText>();
    }
}
