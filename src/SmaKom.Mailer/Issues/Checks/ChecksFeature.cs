namespace SmaKom.Mailer.Issues.Checks;

public static class ChecksFeature
{
    public static void AddIssueChecks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ChecksOptions>().BindConfiguration("Checks");
        builder.Services.AddSingleton(LinkRules.Public);
        builder.Services.AddSingleton<LinkAnswers>();
        builder.Services.AddSingleton<IssueSurroundings>();
        builder.Services.AddSingleton<FlawWords>();
        builder.Services.AddSingleton<LetterCheck>();
        builder.Services.AddSingleton<IssueChecks>();
    }
}
