using System.Text.RegularExpressions;

namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Whose fault a 5xx is.</summary>
public enum RefusalCause
{
    /// <summary>This person's address or mailbox: nobody else's letter is concerned.</summary>
    Person,

    /// <summary>x.7.x, or relaying denied: who we are, or what is done here, is not allowed.</summary>
    Policy,

    /// <summary>x.3.4 (RFC 1870 §6.1): the letter is larger than the relay takes.</summary>
    Size,

    /// <summary>x.6.x, or a refusal of what was written after its recipient had been taken.</summary>
    Content,

    /// <summary>x.5.x: a command or parameter that the relay does not take.</summary>
    Protocol,
}

/// <summary>
/// Tells a person's refusals from ours. The enhanced code decides (RFC 3463 §3); without one, the basic code (RFC 5321 §4.2.2), the command that
/// was answered, and the words.
/// </summary>
public static partial class RefusalCauses
{
    public static RefusalCause Of(SmtpReply reply, string stage) =>
        reply.Enhanced is { } code and not { Subject: 0 } ? OfEnhanced(code) : OfBasic(reply, stage);

    private static RefusalCause OfEnhanced(EnhancedCode code) => (code.Subject, code.Detail) switch
    {
        // An account that is closed or has changed hands (RFC 5248, RFC 7293).
        (7, 13 or 17 or 18) => RefusalCause.Person,
        (7, _) => RefusalCause.Policy,
        // The sender's address, not the recipient's.
        (1, 7 or 8) => RefusalCause.Policy,
        (3, 4) => RefusalCause.Size,
        // This very address is not in ASCII (RFC 6531 §3.5).
        (6, 7) => RefusalCause.Person,
        (6, _) => RefusalCause.Content,
        (5, _) => RefusalCause.Protocol,
        _ => RefusalCause.Person,
    };

    private static RefusalCause OfBasic(SmtpReply reply, string stage)
    {
        var isOfRecipient = stage == "RCPT TO";
        return reply.Code switch
        {
            500 or 502 or 503 or 504 or 555 => RefusalCause.Protocol,
            571 => RefusalCause.Policy,
            _ when AboutUs().IsMatch(reply.Text) => RefusalCause.Policy,
            _ when isOfRecipient || AboutMailbox().IsMatch(reply.Text) => RefusalCause.Person,
            552 => RefusalCause.Size,
            _ => RefusalCause.Content,
        };
    }

    [GeneratedRegex(
        @"\b(relay|relaying|policy|spam|black ?list\w*|block ?list\w*|dnsbl|rbl|reputation|spf|dkim|dmarc|not authori[sz]ed)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutUs();

    [GeneratedRegex(@"\b(user|mailbox|recipient|account|quota)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutMailbox();
}
