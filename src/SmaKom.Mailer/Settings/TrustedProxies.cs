using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace SmaKom.Mailer.Settings;

/// <summary>
/// Whose word we take for a reader's network address: proxies on this machine, and those in <c>Site:TrustedProxies</c>
/// (addresses or CIDR networks with commas between). Limits per network count on it.
/// </summary>
public static class TrustedProxies
{
    /// <exception cref="ConfigurationException">An entry is neither an address nor a network.</exception>
    public static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        var entries = (builder.Configuration["Site:TrustedProxies"] ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var networks = entries.Select(Parse).ToArray();
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            foreach (var network in networks) options.KnownIPNetworks.Add(network);
        });
    }

    private static System.Net.IPNetwork Parse(string entry)
    {
        if (System.Net.IPNetwork.TryParse(entry, out var network)) return network;
        return IPAddress.TryParse(entry, out var address)
            ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ConfigurationException(SettingWords.Say("Site.TrustedProxies", entry));
    }
}
