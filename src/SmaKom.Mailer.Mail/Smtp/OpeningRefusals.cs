namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What it means that a relay refuses to talk, whichever client hears it.</summary>
internal static class OpeningRefusals
{
    /// <summary>A reply to the connection itself, or to EHLO, that is none of those expected.</summary>
    public static RelayException Of(RelayEndpoint relay, string stage, SmtpReply reply, Exception? cause = null)
    {
        return reply switch
        {
            { Code: 421 } => New(RelayFailure.ServiceClosing, "is closing the connection"),
            { IsTransient: true } => New(RelayFailure.Busy, "does not want to talk now"),
            _ when SmtpVerdict.AsksForTls(reply) => New(RelayFailure.TlsRequired, "takes nothing without encryption"),
            { IsPermanent: true } and { Code: not (500 or 501 or 502 or 503 or 504) } =>
                New(RelayFailure.Unwelcome, "wants nothing from this machine"),
            _ => New(RelayFailure.Protocol, "does not want to talk"),
        };

        RelayException New(RelayFailure kind, string what) => new(kind, $"{relay.Peer} {what}: {reply}", stage, reply, cause);
    }

    public static RelayException NoStartTls(RelayEndpoint relay, Exception? cause = null) =>
        new(RelayFailure.TlsNotOffered, $"{relay.Peer} does not offer STARTTLS, which is required", "STARTTLS", null, cause);
}
