using System.Net;
using System.Net.Sockets;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Which addresses are of the public internet (RFC 6890 and its registries); all others are somebody's own network.</summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            // RFC 791, 1918, 6598, 1122, 3927, 6890, 5737, 7526, 1918, 2544, 5737, 5737, 5771 and 1112.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Of IPv6 only global unicast is public, but for protocols' own (2001::/23, Teredo among it), documentation and 6to4, which holds an
    // IPv4 address.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialOfGlobal =
        [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20")];

    public static bool Is(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => Is(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetwork } => !Special.Any(network => network.Contains(address)),
        _ => Global.Contains(address) && !SpecialOfGlobal.Any(network => network.Contains(address)),
    };
}
