using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Bounces;

/// <summary>How a mailbox is asked.</summary>
public enum MailboxProtocol
{
    Imap,
    Pop3,
}

/// <summary>What the mailbox is told of a letter that has been collected.</summary>
public enum MailboxDuty
{
    /// <summary>With POP3, which does not know of it: nothing. The letter stays.</summary>
    MarkSeen,
    Move,
    Delete,
}

/// <summary>The mailbox that bounces come to (section <c>Mailbox</c>). A worker collects what is in it once a host is set.</summary>
public sealed class MailboxOptions
{
    /// <summary>Empty: there is none.</summary>
    public string Host { get; set; } = "";

    /// <summary><c>Imap</c> or <c>Pop3</c>.</summary>
    public MailboxProtocol Protocol { get; set; } = MailboxProtocol.Imap;

    /// <summary>1–65535; IMAP has 993 for implicit TLS and 143 for STARTTLS, POP3 995 and 110.</summary>
    public int Port { get; set; } = 993;

    /// <summary><c>None</c>, <c>StartTls</c>, <c>StartTlsWhenOffered</c> or <c>Implicit</c>.</summary>
    public TlsMode Tls { get; set; } = TlsMode.Implicit;

    /// <summary>Who logs in.</summary>
    public string Username { get; set; } = "";

    /// <summary>The password; with <see cref="AuthMechanism.XOAuth2"/> an access token.</summary>
    public string Password { get; set; } = "";

    /// <summary><c>Auto</c> takes the strongest that the server offers of SCRAM-SHA-256, PLAIN and LOGIN; or one by name.</summary>
    public AuthMechanism Auth { get; set; } = AuthMechanism.Auto;

    /// <summary>Its path as the server writes it; POP3 has none.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary>PEM file of roots to trust instead of the system's; empty = the system's.</summary>
    public string TrustedRootsFile { get; set; } = "";

    /// <summary>Allow a password without TLS to a server on this machine.</summary>
    public bool AllowPlaintextAuth { get; set; }

    /// <summary>How long the server may be silent while it is being waited for.</summary>
    public TimeSpan ReplyTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longer letters are read this far, in octets. What tells of a bounce stands at the beginning.</summary>
    public int MaxLetterBytes { get; set; } = 1 << 20;

    /// <summary>How often it is asked, a second to a day; after failures more and more seldom, to once an hour.</summary>
    public TimeSpan CollectEvery { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What becomes of a letter once it is stored: <c>MarkSeen</c>, <c>Move</c> (to <see cref="MoveTo"/>; IMAP alone) or <c>Delete</c>.
    /// </summary>
    public MailboxDuty AfterCollecting { get; set; } = MailboxDuty.MarkSeen;

    /// <summary>Folder for collected letters, as the server writes it; it must exist.</summary>
    public string MoveTo { get; set; } = "";

    /// <summary>As in <c>incoming_mail</c>: with another name, all of a POP3 mailbox is new.</summary>
    internal string Source => Protocol == MailboxProtocol.Pop3 ? $"pop3:{Username}@{Host}" : $"imap:{Username}@{Host}/{Folder}";

    internal MailboxEndpoint Endpoint() => new()
    {
        Host = Host,
        Port = Port,
        Tls = Tls,
        Username = Username,
        Password = Password,
        Auth = Auth,
        Folder = Folder,
        ReplyTimeout = ReplyTimeout,
        TrustedRoots = TrustedRoots(TrustedRootsFile),
        AllowPlaintextAuth = AllowPlaintextAuth,
    };

    private static X509Certificate2Collection? TrustedRoots(string file)
    {
        if (file == "") return null;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }

    internal sealed class Validation : IValidateOptions<MailboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailboxOptions options)
        {
            var problems = new List<string>();
            if (options.Port is < 1 or > 65535)
                problems.Add($"Mailbox:Port is {options.Port}. Set SMAKOM__Mailbox__Port to 1–65535, usually 993 or 143.");
            if (options.Host != "" && options.Username == "") problems.Add(SettingWords.Say("Mailbox.Username"));
            if (options.Folder == "") problems.Add(SettingWords.Say("Mailbox.Folder"));
            if (options.ReplyTimeout <= TimeSpan.Zero)
                problems.Add($"Mailbox:ReplyTimeout is {options.ReplyTimeout}. Set SMAKOM__Mailbox__ReplyTimeout to more than nothing, for example 00:01:00.");
            if (options.MaxLetterBytes is < 1024 or > 100 << 20)
                problems.Add($"Mailbox:MaxLetterBytes is {options.MaxLetterBytes}. Set SMAKOM__Mailbox__MaxLetterBytes to 1024–104857600.");
            if (options.TrustedRootsFile != "" && !File.Exists(options.TrustedRootsFile))
                problems.Add($"Mailbox:TrustedRootsFile names {options.TrustedRootsFile}, which is not there.");
            if (options.CollectEvery.TotalSeconds is < 1 or > 86_400)
                problems.Add(SettingWords.Say("Mailbox.CollectEvery", options.CollectEvery));
            if (options.AfterCollecting == MailboxDuty.Move && (options.MoveTo == "" || options.Protocol == MailboxProtocol.Pop3))
                problems.Add(SettingWords.Say("Mailbox.MoveTo"));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
