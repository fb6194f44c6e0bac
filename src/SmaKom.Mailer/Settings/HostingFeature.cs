using Microsoft.Extensions.Options;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Settings;

public static class HostingFeature
{
    /// <summary>What every role needs: options about this installation, and which roles this process has.</summary>
    public static RoleOptions AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SiteOptions>().BindConfiguration("Site").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptions.Validation>();
        builder.Services.AddOptions<SenderOptions>().BindConfiguration("Sender").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SenderOptions>, SenderOptions.Validation>();
        builder.Services.AddSingleton(_ => DatabaseOptions.From(builder.Configuration));
        builder.Services.AddSingleton<Migrator>();
        KeyRing.Add(builder.Services);
        CleanLogs.Add(builder.Services);
        builder.AddTrustedProxies();
        var roles = RoleOptions.From(builder.Configuration);
        builder.Services.AddSingleton(roles);
        builder.Services.AddSingleton<ThisWorker>();
        return roles;
    }
}

/// <summary>Which roles this process has: <c>Roles=web,worker</c> (both by default).</summary>
public sealed record RoleOptions(bool Web, bool Worker)
{
    /// <exception cref="ConfigurationException">A role is unknown.</exception>
    public static RoleOptions From(IConfiguration configuration)
    {
        var names = (configuration["Roles"] ?? "web,worker").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.FirstOrDefault(name => name is not ("web" or "worker"));
        return unknown is null ? new(names.Contains("web"), names.Contains("worker"))
            : throw new ConfigurationException(SettingWords.Say("Roles", unknown));
    }
}
