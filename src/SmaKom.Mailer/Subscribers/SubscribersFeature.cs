namespace SmaKom.Mailer.Subscribers;

public static class SubscribersFeature
{
    public static void AddSubscribers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SubscriberImport>();
    }
}
