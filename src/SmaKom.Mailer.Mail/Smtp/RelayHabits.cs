namespace SmaKom.Mailer.Mail.Smtp;

/// <summary>Failures that are known habits of servers, whichever client meets them.</summary>
internal static class RelayHabits
{
    /// <summary>
    /// Large receivers end a session after N letters, by a 421 or without a word, at the next MAIL: that is their habit,
    /// not a failure. A 4.7.x (such as Gmail's 4.7.28) is one: it asks us to slow down, and the caller must hear it.
    /// Some close behind each recipient that they refuse: that is one, too.
    /// </summary>
    /// <param name="answered">Letters that the relay has answered on this connection, whatever it said.</param>
    public static bool HasHadItsShare(RelayException e, int answered) =>
        answered > 0 && e.Stage is "MAIL FROM" or "RSET"
        && (e.Kind == RelayFailure.ConnectionLost || (e.Kind == RelayFailure.ServiceClosing && e.Reply?.Enhanced is not { Subject: 7, Detail: > 0 }));

    /// <summary>What a relay that lost pipelined commands shows.</summary>
    public static bool LooksLikeLostCommands(Exception e) =>
        e is RelayException { Kind: RelayFailure.Timeout or RelayFailure.Protocol, Stage: "MAIL FROM" or "RCPT TO" or "DATA" };
}
