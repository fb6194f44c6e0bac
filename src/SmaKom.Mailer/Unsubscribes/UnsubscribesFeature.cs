namespace SmaKom.Mailer.Unsubscribes;

public static class UnsubscribesFeature
{
    public static void AddUnsubscribes(this IHostApplicationBuilder builder)
    {
    }

    public static void MapUnsubscribes(this WebApplication app)
    {
    }
}
