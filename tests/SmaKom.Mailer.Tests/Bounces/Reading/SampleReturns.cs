using System.Text;
using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>Mails that came back, invented, in the form of each family of servers and of each trap.</summary>
/// <param name="Class">Of the first recipient; <see cref="BounceClass.NotABounce"/> where there is none.</param>
internal sealed record SampleReturn(string Name, ReturnKind Kind, BounceClass Class, string Text)
{
    public byte[] Mail => Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\r\n"));

    public override string ToString() => Name;
}

internal static partial class SampleReturns
{
    public const string ReturnPath = "ut+k7h2q@nyhetsbrev.example";
    public const string MessageId = "nr11.4711@nyhetsbrev.example";

    private const string Letter =
        $"""
        Return-Path: <{ReturnPath}>
        Received: from worker1.nyhetsbrev.example by relay.example.org
         for <anna@bjurholm.example>; Mon, 2 Nov 2026 07:00:03 +0100
        From: Nätverket <red@nyhetsbrev.example>
        To: anna@bjurholm.example
        Subject: Novembernumret
        Message-ID: <{MessageId}>
        Date: Mon, 2 Nov 2026 07:00:00 +0100
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        """;

    private static SampleReturn Dsn(string name, BounceClass expected, string fields, string said = "Your message could not be delivered.",
        ReturnKind kind = ReturnKind.Bounce, string letter = "Hej!", string subject = "Undelivered Mail Returned to Sender") =>
        new(name, kind, expected,
            $"""
            Return-Path: <>
            Delivered-To: {ReturnPath}
            From: MAILER-DAEMON@relay.example.org (Mail Delivery System)
            To: {ReturnPath}
            Subject: {subject}
            Date: Mon, 2 Nov 2026 07:00:05 +0100
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

            --b1
            Content-Type: text/plain; charset=utf-8

            {said}

            --b1
            Content-Type: message/delivery-status

            Reporting-MTA: dns; relay.example.org
            Arrival-Date: Mon, 2 Nov 2026 07:00:03 +0100

            {fields}

            --b1
            Content-Type: message/rfc822

            {Letter}
            {letter}

            --b1--
            """);

    private static string Failed(string status, string diagnostic, string action = "failed") =>
        $"""
        Final-Recipient: rfc822; anna@bjurholm.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {diagnostic}
        """;

    public static IReadOnlyList<SampleReturn> All { get; } = [.. Reports, .. Texts];

    private static SampleReturn[] Reports =>
    [
        Dsn("Postfix: unknown", BounceClass.Hard,
            Failed("5.1.1", "550 5.1.1 <anna@bjurholm.example>: Recipient address rejected: User unknown in virtual mailbox table")),
        Dsn("Postfix: full", BounceClass.Soft, Failed("5.2.2", "552 5.2.2 <anna@bjurholm.example>: Mailbox is full / quota used up")),
        Dsn("Postfix: no such domain", BounceClass.Hard, """
            Final-Recipient: rfc822; anna@bjurholm.example
            Action: failed
            Status: 5.4.4
            Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error
                for name=bjurholm.example type=AAAA: Host not found
            """),
        Dsn("Postfix: nobody answers for five days", BounceClass.Soft,
            Failed("4.4.1", "connect to mx.bjurholm.example[192.0.2.7]:25: Connection timed out")),
        Dsn("Postfix: delayed", BounceClass.NotABounce, Failed("4.2.2", "452 4.2.2 Mailbox full", action: "delayed"), kind: ReturnKind.Delayed,
            subject: "Delayed Mail (still being retried)"),
        Dsn("Postfix: arrived", BounceClass.NotABounce,
            Failed("2.0.0", "250 2.0.0 Ok: queued as 4711", action: "relayed"), kind: ReturnKind.Delivered,
            subject: "Successful Mail Delivery Report"),
        Dsn("Trap: 5.x.x is not hard", BounceClass.Ours, Failed("5.7.1", "554 5.7.1 Message refused by our content rules")),
        Dsn("Trap: the sender is blocked, and the report's code says unknown", BounceClass.Ours,
            Failed("5.1.1", "550 Mail from 192.0.2.9 refused, listed at bl.example"),
            said: """
                <anna@bjurholm.example>
                ... while talking to mx.bjurholm.example:
                <<< 550 Mail from 192.0.2.9 refused, listed at bl.example
                550 5.1.1 <anna@bjurholm.example>... User unknown
                """),
        Dsn("Trap: words nobody knows, and the report's code says unknown", BounceClass.Ambiguous, Failed("5.1.1", "550 Nej tack ZX81"),
            said: """
                <anna@bjurholm.example>
                >>> RCPT To:<anna@bjurholm.example>
                <<< 550 Nej tack ZX81
                550 5.1.1 <anna@bjurholm.example>... User unknown
                """),
        Dsn("Trap: Microsoft's way to say unknown", BounceClass.Hard,
            Failed("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT004.eop-EUR02.prod.protection.outlook.com]")),
        Dsn("Trap: access denied with another code", BounceClass.Ours, Failed("5.7.1", "550 5.7.1 Recipient address rejected: Access denied")),
        Dsn("Trap: the letter itself says user unknown", BounceClass.Ambiguous, Failed("5.0.0", "554 refused"), said: "It was refused.",
            letter: "550 5.1.1 user unknown is what servers say when a mailbox does not exist."),
        Dsn("Trap: an address and a link that say unknown", BounceClass.Ambiguous,
            Failed("5.0.0", "554 <nosuchuser@bjurholm.example> refused, see https://help.example/nosuchuser")),
        Dsn("Trap: the store is full, and the code says unknown", BounceClass.Soft, Failed("5.1.1", "550 5.1.1 no space left on device")),
        Dsn("Words against a code that passes", BounceClass.Ambiguous,
            Failed("4.1.1", "450 4.1.1 <anna@bjurholm.example>: User unknown in local recipient table")),
        Dsn("Words against a mailbox that is there", BounceClass.Ambiguous, Failed("5.2.1", "550 5.2.1 <anna@bjurholm.example>... User Unknown")),
        Dsn("Switched off", BounceClass.Ambiguous, Failed("5.2.1", "550 5.2.1 The mailbox is disabled")),
        Dsn("Null MX", BounceClass.Hard, Failed("5.1.10", "556 5.1.10 Recipient address has null MX")),
        Dsn("Too large", BounceClass.Ours, Failed("5.3.4", "552 5.3.4 Message size exceeds fixed limit")),
        Dsn("Sendmail: sender's domain", BounceClass.Ours,
            Failed("5.1.8", "553 5.1.8 <x@a.example>... Domain of sender address x@a.example does not exist")),
        Dsn("OpenSMTPD: said in the text alone", BounceClass.Hard, "Final-Recipient: rfc822; anna@bjurholm.example\nAction: failed\nStatus: 5.0.0",
            said: "An error has occurred while delivering to the following recipients:\n\nanna@bjurholm.example: 550 No such user here"),
        Dsn("Microsoft 365", BounceClass.Hard,
            Failed("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
            subject: "Undeliverable: Novembernumret"),
        Dsn("Gmail", BounceClass.Hard,
            Failed("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try\n 550 5.1.1 double-checking the address"),
            subject: "Delivery Status Notification (Failure)"),
        Dsn("Gmail: DMARC", BounceClass.Ours,
            Failed("5.7.26", "550-5.7.26 Unauthenticated email from nyhetsbrev.example is not accepted due to\n 550 5.7.26 domain's DMARC policy.")),
        Dsn("Two people", BounceClass.Hard,
            """
            Final-Recipient: rfc822; anna@bjurholm.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 No such user

            Final-Recipient: rfc822; bo@bjurholm.example
            Action: delayed
            Status: 4.2.2
            Diagnostic-Code: smtp; 452 4.2.2 Over quota

            Final-Recipient: rfc822; Anna@bjurholm.example
            Action: failed
            Status: 5.1.1
            """),
    ];
}
