using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Relays;

/// <summary>The relay from configuration (section <c>Smtp</c>), and what holds for all relays.</summary>
public sealed class SmtpOptions
{
    /// <summary>Host of the relay; empty leaves the relays in the database as they are.</summary>
    public string Host { get; set; } = "";

    /// <summary>1–65535; 587 submission, 465 implicit TLS.</summary>
    public int Port { get; set; } = 587;

    /// <summary><c>None</c>, <c>StartTls</c>, <c>StartTlsWhenOffered</c> or <c>Implicit</c>.</summary>
    public TlsMode Tls { get; set; } = TlsMode.StartTls;

    /// <summary>Which SMTP client speaks with the relay: <c>MailKit</c>, or <c>Pipelined</c>, which needs one round trip a letter.</summary>
    public SmtpClientKind Client { get; set; } = SmtpClientKind.MailKit;

    /// <summary>Blank, as an unset variable of docker compose is, = none.</summary>
    public string? Username { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Kept encrypted in the database.</summary>
    public string? Password { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Connections to this relay at once, of all workers together, 1–500.</summary>
    public int MaxConnections { get; set; } = 4;

    /// <summary>Messages on one connection before it is closed and opened anew.</summary>
    public int MaxMessagesPerConnection { get; set; } = 1000;

    /// <summary>Name said in EHLO, one that DNS knows; empty = this machine's name.</summary>
    public string HeloName { get; set; } = "";

    /// <summary>PEM file of roots to trust instead of the system's; empty = the system's.</summary>
    public string TrustedRootsFile { get; set; } = "";

    /// <summary>Allow a password without TLS to a relay on this machine.</summary>
    public bool AllowPlaintextAuth { get; set; }

    /// <summary>How long a connection without work is kept.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time-out for each command of a dialogue; unset = those of RFC 5321 §4.5.3.2.</summary>
    public TimeSpan? CommandTimeout { get; set; }

    /// <summary>First pause after a relay's failure; doubles up to <see cref="LongestBackOff"/>.</summary>
    public TimeSpan FirstBackOff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause after failures in a row.</summary>
    public TimeSpan LongestBackOff { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A relay that allows fewer connections than are set (421 at the greeting of one more): after so long, one more is tried.</summary>
    public TimeSpan MoreConnectionsAfter { get; set; } = TimeSpan.FromMinutes(15);

    internal sealed class Validation : IValidateOptions<SmtpOptions>
    {
        public ValidateOptionsResult Validate(string? name, SmtpOptions options)
        {
            var problems = new List<string>();
            if (options.Port is < 1 or > 65535) problems.Add(SettingWords.Say("Smtp.Port", options.Port));
            if (!Enum.IsDefined(options.Client)) problems.Add(SettingWords.Say("Smtp.Client", options.Client));
            if (options.MaxConnections is < 1 or > 500) problems.Add(SettingWords.Say("Smtp.MaxConnections", options.MaxConnections));
            if (options.MaxMessagesPerConnection < 1)
                problems.Add(SettingWords.Say("Smtp.MaxMessagesPerConnection", options.MaxMessagesPerConnection));
            if (options.Password is not null && options.Username is null) problems.Add(SettingWords.Say("Smtp.Password"));
            if (options.TrustedRootsFile != "" && !File.Exists(options.TrustedRootsFile))
                problems.Add(SettingWords.Say("Smtp.TrustedRootsFile", options.TrustedRootsFile));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
