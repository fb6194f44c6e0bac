using System.Globalization;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Relays.Pages;

/// <summary>A relay as somebody types it. A password is never shown again: an empty field leaves it as it is.</summary>
public sealed class RelayForm
{
    public const int LongestName = 60;

    public string? Name { get; set; }
    public string? Host { get; set; }
    public string? Port { get; set; } = "587";
    public TlsMode Tls { get; set; } = TlsMode.StartTls;
    public SmtpClientKind Client { get; set; } = SmtpClientKind.MailKit;
    public string? Username { get; set; }
    public string? Password { get; set; }
    public string? Priority { get; set; } = "10";
    public string? Weight { get; set; }
    public string? Connections { get; set; } = "4";
    public string? Messages { get; set; } = "1000";
    public bool Enabled { get; set; }

    public static RelayForm Of(Relay relay) => new()
    {
        Name = relay.Name,
        Host = relay.Host,
        Port = Text(relay.Port),
        Tls = relay.Tls,
        Client = relay.Client,
        Username = relay.Username,
        Priority = Text(relay.Priority),
        Weight = relay.Weight is { } weight ? Text(weight) : null,
        Connections = Text(relay.MaxConnections),
        Messages = Text(relay.MaxMessagesPerConnection),
        Enabled = relay.Enabled,
    };

    /// <summary>What is wrong, in the order of the fields.</summary>
    public IReadOnlyList<(string Field, string Words)> Check(IStringLocalizer<RelayWords> words)
    {
        var faults = new List<(string, string)>();
        if (Clean(Name) is not { } name || name.Length > LongestName) faults.Add((nameof(Name), words["Fault.Name", LongestName]));
        if (Clean(Host) is not { } host || Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            faults.Add((nameof(Host), words["Fault.Host"]));
        Within(nameof(Port), Port, 1, 65535);
        if (!Enum.IsDefined(Tls)) faults.Add((nameof(Tls), words["Fault.Tls"]));
        if (!Enum.IsDefined(Client)) faults.Add((nameof(Client), words["Fault.Client"]));
        if (!string.IsNullOrEmpty(Password) && Clean(Username) is null) faults.Add((nameof(Username), words["Fault.Username"]));
        Within(nameof(Priority), Priority, 0, 1000);
        if (Clean(Weight) is not null) Within(nameof(Weight), Weight, 1, 1000);
        Within(nameof(Connections), Connections, 1, 500);
        Within(nameof(Messages), Messages, 1, 1_000_000);
        return faults;

        void Within(string field, string? text, int least, int most)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                faults.Add((field, words["Fault.Number", least, most]));
        }
    }

    /// <summary>Call after <see cref="Check"/> found nothing.</summary>
    public void ApplyTo(Relay relay, RelayDirectory directory)
    {
        (relay.Name, relay.Host, relay.Port, relay.Tls, relay.Client) = (Clean(Name)!, Clean(Host)!.Trim('[', ']'), Number(Port), Tls, Client);
        relay.Username = Clean(Username);
        if (relay.Username is null) relay.PasswordProtected = null;
        else if (!string.IsNullOrEmpty(Password)) relay.PasswordProtected = directory.Protect(Password);
        (relay.Priority, relay.Weight) = (Number(Priority), Clean(Weight) is { } weight ? Number(weight) : null);
        (relay.MaxConnections, relay.MaxMessagesPerConnection, relay.Enabled) = (Number(Connections), Number(Messages), Enabled);
    }

    private static string? Clean(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : new string([.. text.Where(c => !char.IsControl(c))]).Trim();
    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);
    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
