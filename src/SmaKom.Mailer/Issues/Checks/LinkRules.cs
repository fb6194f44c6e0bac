using System.Net;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>
/// Whom the service asks on behalf of what somebody has typed. What is typed must not make it a door into the network that it stands in
/// (server-side request forgery).
/// </summary>
/// <param name="MayConnect">Asked of the very address that is connected to, after the name was resolved.</param>
/// <param name="MayAsk">Asked of each address, those of redirects too.</param>
public sealed record LinkRules(Func<IPAddress, bool> MayConnect, Func<Uri, bool> MayAsk)
{
    /// <summary>https at its own port, on the public internet.</summary>
    public static LinkRules Public { get; } =
        new(PublicAddress.Is, address => address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && address.UserInfo.Length == 0);
}
