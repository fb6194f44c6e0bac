using Microsoft.Extensions.Options;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Collecting;

/// <summary>
/// How asking the bounce mailbox has gone, and whether what came could be read. The server's own words stay out: they can name people.
/// </summary>
public sealed class MailboxChecks(MailSources sources, StoredMails mails, IOptions<MailboxOptions> options) : ICheck
{
    // One failure is a server that is being restarted.
    private const int Fault = 3;

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken ct) => [.. await MailboxAsync(ct), .. await UnreadableAsync(ct)];

    private async Task<IReadOnlyList<Finding>> UnreadableAsync(CancellationToken ct) => await mails.CountUnreadableAsync(ct) is > 0 and var count
        ? [new(FindingKind.BouncesUnreadable, Severity.Warning, count) { Where = "/admin/studsar" }] : [];

    private async Task<IReadOnlyList<Finding>> MailboxAsync(CancellationToken ct)
    {
        var mailbox = options.Value;
        if (mailbox.Host == "" || await sources.ReadAsync(mailbox.Source, ct) is not { Kind: { } kind } state) return [];
        return
        [
            new(KindOf(kind), state.Failures < Fault && kind != RelayFailure.Authentication ? Severity.Warning : Severity.Fault,
                $"{mailbox.Host}:{mailbox.Port}", state.Failures, (object?)state.FailedSince ?? "–", state.NextAt),
        ];
    }

    private static FindingKind KindOf(RelayFailure failure) => failure switch
    {
        RelayFailure.Authentication => FindingKind.MailboxPassword,
        RelayFailure.Unreachable or RelayFailure.Timeout or RelayFailure.ConnectionLost => FindingKind.MailboxUnreachable,
        RelayFailure.Tls => FindingKind.MailboxCertificate,
        _ => FindingKind.MailboxFailing,
    };
}
