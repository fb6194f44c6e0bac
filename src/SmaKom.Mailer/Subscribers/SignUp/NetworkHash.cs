using System.Net;
using System.Net.Sockets;
using SmaKom.Mailer.Links;

namespace SmaKom.Mailer.Subscribers.SignUp;

/// <summary>A keyed hash of the network that a request comes from: enough to count by, useless to whoever reads the table.</summary>
public sealed class NetworkHash(LinkKeys keys)
{
    public byte[] Of(IPAddress? address) => keys.HashAddress("network " + NetworkOf(address ?? IPAddress.None));

    /// <summary>IPv4 /24; IPv6 /48, which is what one customer gets.</summary>
    internal static string NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6,
            bytes.Length - (address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6));
        return new IPAddress(bytes).ToString();
    }
}
