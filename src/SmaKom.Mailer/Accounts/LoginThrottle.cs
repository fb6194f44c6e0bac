using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace SmaKom.Mailer.Accounts;

/// <summary>Counts attempts to log in by network address: an account's own wait does not stop one who tries many accounts.</summary>
public sealed class LoginThrottle(IOptions<AccountsOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress?> limiter = PartitionedRateLimiter.Create<IPAddress?, string>(address =>
        RateLimitPartition.GetSlidingWindowLimiter(Network(address), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.AttemptsPerNetworkAddress,
            Window = options.Value.Wait,
            SegmentsPerWindow = 5,
        }));

    /// <summary>False when this network address has tried too often.</summary>
    public bool Allows(IPAddress? address)
    {
        using var lease = limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    // One household has a whole /64 of IPv6 addresses: they are one.
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
