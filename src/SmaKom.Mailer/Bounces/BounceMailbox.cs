using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Pop3;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces;

/// <summary>The mailbox that bounces come to, as it is set.</summary>
public sealed class BounceMailbox(IMailboxClient client, IOptions<MailboxOptions> options)
{
    public bool IsSet => options.Value.Host != "";

    /// <summary>It is read over POP3, which has no folder to open.</summary>
    public bool IsPop3 => options.Value.Protocol == MailboxProtocol.Pop3;

    /// <summary>For people: whose, where, which folder.</summary>
    public string Address => $"{options.Value.Username}, {options.Value.Host}:{options.Value.Port}{(IsPop3 ? "" : $", {options.Value.Folder}")}";

    /// <summary>Longer letters are read this far, in octets.</summary>
    public int MaxLetterBytes => options.Value.MaxLetterBytes;

    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set.</exception>
    /// <exception cref="InvalidOperationException">Not set: ask first.</exception>
    public Task<IMailFolder> OpenAsync(CancellationToken ct) =>
        IsSet ? client.OpenAsync(options.Value.Endpoint(), ct) : throw new InvalidOperationException("There is no mailbox");

    /// <summary>Over POP3.</summary>
    /// <exception cref="RelayException">The mail server cannot be used now, or as it is set.</exception>
    public Task<Pop3Session> OpenAsync(Pop3Mailbox pop3, CancellationToken ct) => pop3.OpenAsync(options.Value.Endpoint(), ct);
}
