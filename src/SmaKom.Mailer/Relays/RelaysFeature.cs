using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;
using SmaKom.Mailer.Relays.Pages;

namespace SmaKom.Mailer.Relays;

public static class RelaysFeature
{
    public static void AddRelays(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SmtpOptions>().BindConfiguration("Smtp").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptions.Validation>();
        builder.Services.AddDataProtection();
        builder.Services.AddSingleton(services => new MailTransports(services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RelayDirectory>();
        builder.Services.AddSingleton<RelayPool>();
        builder.Services.AddSingleton<RelayCommands>();
        builder.Services.AddSingleton<ConnectionTests>();
    }

    /// <summary>What the buttons of the settings post to; the pages are found by their <c>@page</c>.</summary>
    public static void MapRelays(this WebApplication app) => RelayPageEndpoints.Map(app);

    public static async Task PrepareRelaysAsync(this IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<RelayDirectory>().WriteConfiguredAsync(ct);
        await services.GetRequiredService<RelayPool>().RefreshAsync(ct);
    }
}
