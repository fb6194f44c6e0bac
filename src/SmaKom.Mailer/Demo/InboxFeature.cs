using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Demo;

public static class InboxFeature
{
    public static void AddInbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InboxOptions>().BindConfiguration("Inbox").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<InboxOptions>, InboxOptions.Validation>();
        builder.Services.AddSingleton<InboxStore>();
        builder.Services.AddSingleton<InboxServer>();
        builder.Services.AddSingleton<InboxReader>();
        if (!builder.Configuration.GetValue<bool>("Inbox:Enabled")) return;
        builder.Services.AddHostedService(services => services.GetRequiredService<InboxStore>());
        builder.Services.AddHostedService(services => services.GetRequiredService<InboxServer>());
    }
}
