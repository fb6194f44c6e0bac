namespace SmaKom.Mailer.Issues;

public static class IssuesFeature
{
    public static void AddIssues(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssuePlanner>();
        builder.Services.AddSingleton<IssueDesk>();
    }

    public static void MapIssues(this WebApplication app)
    {
    }
}
