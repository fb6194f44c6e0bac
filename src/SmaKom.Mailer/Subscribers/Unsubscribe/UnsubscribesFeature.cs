using SmaKom.Mailer.Subscribers.Preferences;

namespace SmaKom.Mailer.Subscribers.Unsubscribe;

public static class UnsubscribesFeature
{
    public static void AddUnsubscribes(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Unsubscribing>();
        builder.Services.AddSingleton<OneClick>();
        builder.Services.AddSingleton<SubscriberDetails>();
        builder.Services.AddSingleton<AddressChanges>();
        builder.Services.AddSingleton<ListChoices>();
        builder.Services.AddSingleton<Pauses>();
    }
}
