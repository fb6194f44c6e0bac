using System.Net;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Domains;

/// <summary>How DNS is asked about the sender's domains (section <c>Domains</c>).</summary>
public sealed class DomainOptions
{
    private const int DnsPort = 53;

    /// <summary>A worker asks every ten minutes what DNS holds. False where nothing may leave the machine but mail.</summary>
    public bool Ask { get; set; } = true;

    /// <summary>Addresses of name servers, with commas between, as <c>192.0.2.53</c> or <c>192.0.2.53:5353</c>; empty = the system's.</summary>
    public string NameServers { get; set; } = "";

    /// <summary>Null: the system's.</summary>
    internal IReadOnlyList<IPEndPoint>? Servers => Named is { Length: > 0 } named ? [.. named.Select(Read).OfType<IPEndPoint>()] : null;

    private string[] Named => NameServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IPEndPoint? Read(string server) => !IPEndPoint.TryParse(server, out var at) ? null : at.Port == 0 ? new(at.Address, DnsPort) : at;

    internal sealed class Validation : IValidateOptions<DomainOptions>
    {
        public ValidateOptionsResult Validate(string? name, DomainOptions options) =>
            options.Named.FirstOrDefault(server => Read(server) is null) is { } wrong
                ? ValidateOptionsResult.Fail(SettingWords.Say("Domains.NameServers", wrong)) : ValidateOptionsResult.Success;
    }
}
