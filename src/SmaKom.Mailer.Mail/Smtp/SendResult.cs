namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>What became of one letter.</summary>
public enum SendStatus
{
    /// <summary>The relay answered 2xx to the whole letter: it is the relay's now.</summary>
    Accepted,

    /// <summary>4xx for this person: try again later.</summary>
    Deferred,

    /// <summary>5xx for this person, or an address that this relay cannot take: never try again.</summary>
    Refused,

    /// <summary>
    /// The connection was lost, or no reply came in time, after the final dot (or BDAT LAST) had been handed to
    /// the socket: the relay may or may not have the letter.
    /// </summary>
    InDoubt,

    /// <summary>The gate said no. Nothing was accepted.</summary>
    Withdrawn,
}

/// <param name="Reply">The reply that decided; null when none came (in doubt, withdrawn).</param>
/// <param name="Stage">The command that the reply answers: <c>MAIL FROM</c>, <c>RCPT TO</c>, <c>DATA</c>, <c>end of data</c> …</param>
/// <param name="Duration">From the call until the outcome was known, the gate included.</param>
public sealed record SendResult(SendStatus Status, SmtpReply? Reply, string Stage, TimeSpan Duration);
