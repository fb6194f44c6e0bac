using Microsoft.Extensions.Options;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays.Connections;

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
        builder.Services.AddSingleton<ICheck, RelayChecks>();
    }

    public static async Task PrepareRelaysAsync(this IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<RelayDirectory>().WriteConfiguredAsync(ct);
        await services.GetRequiredService<RelayPool>().RefreshAsync(ct);
    }
}
