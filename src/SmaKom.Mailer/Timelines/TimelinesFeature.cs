using SmaKom.Mailer.Accounts;

namespace SmaKom.Mailer.Timelines;

public static class TimelinesFeature
{
    public static void AddTimelines(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonHistoryReader>();
        builder.Services.AddSingleton<IssueNames>();
        builder.Services.AddSingleton<LetterSteps>();
        builder.Services.AddSingleton<SubscriptionSteps>();
        builder.Services.AddSingleton<Timeline>();
        builder.Services.AddSingleton<TimelineAnswer>();
        builder.Services.AddSingleton<PersonSearch>();
    }

    /// <summary>What is no page; the timeline's own is found by its <c>@page</c>.</summary>
    public static void MapTimelines(this WebApplication app)
    {
        var people = app.AdminGroup("/admin/mottagare");
        people.MapGet("", () => Web.PageResult.Of<FindPage>());
        people.MapPost("", PersonSearch.AnswerAsync);
    }
}
