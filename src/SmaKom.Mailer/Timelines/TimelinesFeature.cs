namespace SmaKom.Mailer.Timelines;

public static class TimelinesFeature
{
    public static void AddTimelines(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonHistoryReader>();
        builder.Services.AddSingleton<LetterSteps>();
        builder.Services.AddSingleton<SubscriptionSteps>();
        builder.Services.AddSingleton<Timeline>();
        builder.Services.AddSingleton<TimelineAnswer>();
        builder.Services.AddSingleton<PersonSearch>();
    }
}
