namespace SmaKom.Mailer.Settings;

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
