using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Settings;

public static class SettingsFeature
{
    /// <summary>What every role needs: options about this installation, and which roles this process has.</summary>
    public static RoleOptions AddSettings(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiteOptions>().BindConfiguration("Site").PostConfigure(SiteOptions.Normalise).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptions.Validation>();
        builder.Services.AddOptions<SenderOptions>().BindConfiguration("Sender").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SenderOptions>, SenderOptions.Validation>();
        RedactingLoggerFactory.Add(builder.Services);
        builder.AddTrustedProxies();
        var roles = RoleOptions.From(builder.Configuration);
        builder.Services.AddSingleton(roles);
        builder.Services.AddSingleton<WorkerIdentity>();
        builder.Services.AddSingleton<WorkerActivity>();
        builder.Services.AddSingleton<BackgroundLoops>();
        return roles;
    }
}
