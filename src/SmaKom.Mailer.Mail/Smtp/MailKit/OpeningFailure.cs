using MailKit.Net.Smtp;
using MailKit.Security;

namespace SmaKom.Mailer.Mail.Smtp.MailKit;

/// <summary>Why there is no session, in the words of our own client.</summary>
internal sealed class OpeningFailure(RelayEndpoint relay, RelayWire wire, RelayDialogue dialogue, RelayClient client)
{
    private SmtpReply? Last => dialogue.Last?.Reply;

    /// <returns>A <see cref="RelayException"/>, or <see cref="OperationCanceledException"/>.</returns>
    public Exception From(Exception e) =>
        Interruption(e)
        ?? (e is SslHandshakeException ? wire.Handshake.Explain(relay.Peer, client.Certificate.Complaint, null) : null)
        ?? dialogue.Stage switch
        {
            "EHLO" when e is NotSupportedException => OpeningRefusals.NoStartTls(relay),
            "STARTTLS" => New(RelayFailure.Tls, "STARTTLS", $"{relay.Peer} offers STARTTLS and refuses it: {Last}", Last, e),
            "AUTH" => Unauthenticated(e),
            "greeting" when Last is { } greeting => OpeningRefusals.Of(relay, "greeting", greeting),
            var stage when e is SmtpCommandException => New(
                Last is { IsTransient: true } ? RelayFailure.Busy : RelayFailure.Protocol, stage, $"{relay.Peer} does not want to talk: {Last}",
                Last, e),
            var stage => New(RelayFailure.Protocol, stage, $"{relay.Peer} does not answer {stage} as SMTP demands", null, e),
        };

    /// <summary>Cancelled, out of time, told to go, or hung up on; null: none of these.</summary>
    public Exception? Interruption(Exception e)
    {
        if (wire.IsCancelled || e is OperationCanceledException)
            return new OperationCanceledException($"Cancelled at {dialogue.Stage}", e);
        if (dialogue.Closing is { } closing)
            return New(RelayFailure.ServiceClosing, closing.Stage, $"{relay.Peer} is closing the connection: {closing.Reply}", closing.Reply, e);
        if (wire.TimedOutAfter is { } span)
            return New(RelayFailure.Timeout, dialogue.Stage, $"{relay.Peer} did not answer {dialogue.Stage} within {span.TotalSeconds:0.#} s", null,
                e);
        // A handshake that is broken off is a matter of TLS, not of the line.
        return wire.IsLost && e is not SslHandshakeException
            ? New(RelayFailure.ConnectionLost, dialogue.Stage, $"{relay.Peer} closed the connection at {dialogue.Stage}", null, e)
            : null;
    }

    private RelayException Unauthenticated(Exception e) => e switch
    {
        { InnerException: SaslException } => New(RelayFailure.Protocol, "AUTH", $"{relay.Peer} broke off the authentication", Last, e),
        _ when Last is { IsTransient: true } => New(RelayFailure.Busy, "AUTH", $"{relay.Peer} cannot check the password now: {Last}", Last, e),
        _ => New(SmtpVerdict.AsksForTls(Last) ? RelayFailure.TlsRequired : RelayFailure.Authentication, "AUTH",
            $"{relay.Peer} refuses the name or the password: {Last}", Last, e),
    };

    // MailKit's own exception is not passed on: what it holds is not ours to vouch for, and it ends in a log.
    private static RelayException New(RelayFailure kind, string stage, string message, SmtpReply? reply, Exception cause) =>
        new(kind, message, stage, reply, cause is IOException ? cause : null);
}
