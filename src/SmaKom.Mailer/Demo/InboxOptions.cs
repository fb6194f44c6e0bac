using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Demo;

/// <summary>
/// The built-in inbox (section <c>Inbox</c>): a mail server for trying the program out. It takes every mail, shows it on <c>/inkorg</c> to
/// whoever asks, and delivers nothing.
/// </summary>
public sealed class InboxOptions
{
    /// <summary>Set by a sample run.</summary>
    public bool Enabled { get; set; }

    /// <summary>Port on this machine alone; 0 = any that is free.</summary>
    public int Port { get; set; } = 2525;

    /// <summary>Domains whose people are refused (550), so that a sample receipt shows what that looks like.</summary>
    public string[] RefusedDomains { get; set; } = ["avvisar.example"];

    /// <summary>Domains whose people are put off at the first try (451), as greylisting does.</summary>
    public string[] DeferredDomains { get; set; } = ["senare.example"];

    internal sealed class Validation : IValidateOptions<InboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, InboxOptions options) => options.Port is >= 0 and <= 65535
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(SettingWords.Say("Inbox.Port", options.Port));
    }
}
