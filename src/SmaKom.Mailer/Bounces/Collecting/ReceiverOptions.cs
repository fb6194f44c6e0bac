using System.Net;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>How the receiver of returned mail is spoken to.</summary>
public enum ReceiverProtocol
{
    Smtp,

    /// <summary>RFC 2033: a mail server's way to deliver, with an answer for each recipient.</summary>
    Lmtp,
}

/// <summary>
/// The receiver of returned mail (section <c>Receiver</c>): a worker listens for what a mail server, such as Postfix with a transport map,
/// passes on. It takes nothing but mail to return paths of ours and to <c>Sender:UnsubscribeMailbox</c>, and encrypts nothing: it is no server for
/// the world.
/// </summary>
public sealed class ReceiverOptions
{
    /// <summary>Listen. Only one worker of a machine can on the same port.</summary>
    public bool Enabled { get; set; }

    /// <summary><c>Smtp</c> or <c>Lmtp</c>.</summary>
    public ReceiverProtocol Protocol { get; set; } = ReceiverProtocol.Smtp;

    /// <summary>IP address of this machine to listen on; on another than its own loop only behind a firewall.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>1–65535; 0: any that is free.</summary>
    public int Port { get; set; } = 2526;

    internal IPEndPoint EndPoint => new(IPAddress.Parse(Address), Port);

    internal sealed class Validation : IValidateOptions<ReceiverOptions>
    {
        public ValidateOptionsResult Validate(string? name, ReceiverOptions options)
        {
            var problems = new List<string>();
            if (!IPAddress.TryParse(options.Address, out _)) problems.Add(SettingWords.Say("Receiver.Address", options.Address));
            if (options.Port is < 0 or > 65535) problems.Add(SettingWords.Say("Receiver.Port", options.Port));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
