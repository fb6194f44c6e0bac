namespace SmaKom.Mailer.Inbox;

public static class InboxFeature
{
    public static void AddInbox(this WebApplicationBuilder builder)
    {
    }

    public static void MapInbox(this WebApplication app)
    {
    }
}
