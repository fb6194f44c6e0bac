namespace SmaKom.Mailer.Reports;

/// <summary>What a server's code means, in words that need no RFC 3463: a key <c>Meaning.*</c> of <see cref="ReportWords"/>.</summary>
public static class ReplyMeaning
{
    /// <summary>The narrowest meaning known; null for a letter that nobody has answered.</summary>
    /// <param name="reason">As <c>Delivery.Reason</c>; what we know ourselves goes before what a server said.</param>
    public static string? Of(string? reason, short? code, string? enhanced) => reason switch
    {
        "reply_lost" or "worker_lost" or "halted" or "left" or "cannot_be_written" => $"Meaning.{reason}",
        _ => OfCode(enhanced) ?? OfBasic(code),
    };

    // Subject and detail (RFC 3463 §3) mean the same whether the failure lasts (5) or passes (4), but for a few.
    private static string? OfCode(string? enhanced) =>
        enhanced?.Split('.') is not [var kind, var subject, var detail] ? null : (kind, subject, detail) switch
        {
            ("5", "1", "1" or "6") => "Meaning.NoSuchAddress",
            ("5", "1", "2" or "10") => "Meaning.NoSuchDomain",
            ("5", "1", "3") => "Meaning.BadAddress",
            (_, "1", "8" or "7") => "Meaning.BadSender",
            (_, "2", "1") => "Meaning.MailboxClosed",
            (_, "2", "2") => "Meaning.MailboxFull",
            (_, "2", "3") or (_, "3", "4") => "Meaning.TooLarge",
            ("4", "3", _) => "Meaning.ServerBusy",
            (_, "4", "1" or "2" or "4") => "Meaning.NoWay",
            (_, "4", "7") => "Meaning.TookTooLong",
            ("4", "7", "28") => "Meaning.TooFast",
            ("4", "7", _) => "Meaning.ComeBackLater",
            ("5", "7", "1") => "Meaning.NotAllowed",
            ("5", "7", "20" or "21" or "22" or "23" or "24" or "25" or "26" or "27") => "Meaning.NotAuthentic",
            (_, "7", _) => "Meaning.NotAllowed",
            ("5", "6", _) => "Meaning.Content",
            _ => null,
        };

    private static string? OfBasic(short? code) => code switch
    {
        null => null,
        421 => "Meaning.ServerBusy",
        450 or 451 => "Meaning.ComeBackLater",
        452 => "Meaning.ServerBusy",
        >= 400 and < 500 => "Meaning.Later",
        552 => "Meaning.TooLarge",
        >= 500 => "Meaning.Refused",
        _ => null,
    };
}
