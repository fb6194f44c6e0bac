using SmaKom.Mailer.Bounces.Reading;

namespace SmaKom.Mailer.Tests.Bounces.Reading;

/// <summary>Those without a delivery report (RFC 3464) in them.</summary>
internal static partial class SampleReturns
{
    private static SampleReturn[] Texts =>
    [
        Plain("qmail: unknown", BounceClass.Hard,
            $"""
            Hi. This is the qmail-send program at relay.example.org.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <anna@bjurholm.example>:
            Sorry, no mailbox here by that name. (#5.1.1)

            --- Below this line is a copy of the message.

            {Letter}
            Hej!
            """),
        Plain("Exim: unrouteable", BounceClass.Hard,
            $"""
            This message was created automatically by mail delivery software.

            A message that you sent could not be delivered to one or more of its
            recipients. This is a permanent error. The following address(es) failed:

              anna@bjurholm.example
                Unrouteable address

            ------ This is a copy of your message, including all the headers. ------

            {Letter}
            """, subject: "Mail delivery failed: returning message to sender",
            headers: "X-Failed-Recipients: anna@bjurholm.example\nAuto-Submitted: auto-replied"),
        Plain("Exim: the sending host is listed", BounceClass.Ours,
            $"""
            A message that you sent could not be delivered to one or more of its
            recipients. The following address(es) failed:

              anna@bjurholm.example
                SMTP error from remote mail server after RCPT TO:<anna@bjurholm.example>:
                host mx.bjurholm.example [192.0.2.7]: 550 rejected because 192.0.2.9 is in a blacklist

            {Letter}
            """, subject: "Mail delivery failed: returning message to sender", headers: "Auto-Submitted: auto-replied"),
        Plain("Trap: the letter quoted below says user unknown", BounceClass.Ambiguous,
            $"""
            I'm afraid I wasn't able to deliver your message to the following addresses.

            <anna@bjurholm.example>:
            Remote host said: 554 Go away

            --- Below this line is a copy of the message.

            {Letter}
            550 5.1.1 user unknown is what servers say when a mailbox does not exist.
            """),
        Plain("Exim: still tried", BounceClass.NotABounce,
            """
            A message that you sent has not yet been delivered to one or more of its
            recipients after more than 24 hours. No action is required on your part.
            Delivery attempts will continue for some time.

              anna@bjurholm.example
                host mx.bjurholm.example: 451 user unknown, try again
            """, ReturnKind.Delayed, "Warning: message 1p1 delayed 24 hours", headers: "Auto-Submitted: auto-replied"),
        Plain("Exchange 2003", BounceClass.Hard,
            """
            Your message

              To:      red@nyhetsbrev.example
              Subject: Novembernumret
              Sent:    Mon, 2 Nov 2026 07:00:00 +0100

            did not reach the following recipient(s):

            anna@bjurholm.example on Mon, 2 Nov 2026 07:00:01 +0100
                The recipient name is not recognized
            """, subject: "Undeliverable: Novembernumret", from: "Systemadministratör <postmaster@bjurholm.example>"),
        Plain("Domino", BounceClass.Hard,
            """
            Your message
              Subject: Novembernumret
            was not delivered to:
              anna@bjurholm.example
            because:
              User Anna Berg (anna@bjurholm.example) not listed in Domino Directory
            """, subject: "DELIVERY FAILURE: User not listed in Domino Directory", from: "Postmaster@bjurholm.example"),
        Plain("Zimbra and Amavis: content", BounceClass.Ours,
            "Your message to <anna@bjurholm.example> was rejected:\n550 5.7.0 Rejected, id=1-2, contains a virus", subject: "Undeliverable mail"),
        Plain("Mimecast", BounceClass.Ours,
            """
            An email could not be delivered to:
            -- anna@bjurholm.example
            The problem appears to be:
            -- 550 Rejected by header based manually blocked senders
            """,
            subject: "[Postmaster] Email Delivery Failure", from: "postmaster@bjurholm.example"),
        Plain("Yahoo: full", BounceClass.Soft,
            $"""
            Sorry, we were unable to deliver your message to the following address.

            <anna@bjurholm.example>:
            552 1 Requested mail action aborted, mailbox full

            --- Below this line is a copy of the message.

            {Letter}
            """,
            subject: "Failure Notice"),
        Plain("Swedish: no such person", BounceClass.Hard,
            "Meddelandet kunde inte levereras till anna@bjurholm.example.\n550 mottagaren finns inte",
            subject: "Kunde inte levereras: Novembernumret"),
        Plain("Trap: a person writes about a bounce", BounceClass.NotABounce,
            "Hej! När jag skrev till anna@bjurholm.example fick jag tillbaka 550 5.1.1 user unknown, mail delivery failed. Vet du varför?",
            ReturnKind.Other, "Undrar över Anna", "Bo Ek <bo@bjurholm.example>"),
        Plain("Trap: a person answers a bounce", BounceClass.NotABounce, "550 user unknown, could not be delivered?", ReturnKind.Other,
            "SV: Undelivered Mail Returned to Sender", "Bo Ek <bo@bjurholm.example>"),
        Plain("Trap: a challenge", BounceClass.NotABounce,
            """
            Your message to Anna is being held. To deliver your message, please click the link below
            to verify that you are human. Otherwise it could not be delivered.
            """,
            ReturnKind.AutoReply, "Re: Novembernumret", "anna@bjurholm.example"),
        Plain("Amazon SES: a complaint as JSON", BounceClass.Complaint,
            """
            {"notificationType":"Complaint","complaint":{"complaintFeedbackType":"abuse",
            "complainedRecipients":[{"emailAddress":"anna@bjurholm.example"}]}}
            """,
            ReturnKind.Complaint, "AWS Notification Message", "no-reply@sns.example"),
        Plain("Amazon SES: a bounce as JSON", BounceClass.Hard,
            """
            {"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"anna@bjurholm.example",
            "status":"5.1.1","action":"failed","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}}
            """,
            subject: "AWS Notification Message", from: "no-reply@sns.example"),
        Feedback("A complaint", "abuse", ReturnKind.Complaint, BounceClass.Complaint),
        Feedback("Trap: no spam after all", "not-spam", ReturnKind.Other, BounceClass.NotABounce),
        Feedback("Trap: a report about authentication", "auth-failure", ReturnKind.Other, BounceClass.NotABounce),
        new("Dovecot: full, said as a receipt", ReturnKind.Bounce, BounceClass.Soft,
            $"""
            From: Mail Delivery Subsystem <postmaster@bjurholm.example>
            To: {ReturnPath}
            Subject: Automatically rejected mail
            Auto-Submitted: auto-replied (rejected)
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"

            --b1
            Content-Type: text/plain

            Your message to <anna@bjurholm.example> was automatically rejected:
            Quota exceeded (mailbox for user is full)

            --b1
            Content-Type: message/disposition-notification

            Final-Recipient: rfc822; anna@bjurholm.example
            Original-Message-ID: <{MessageId}>
            Disposition: automatic-action/MDN-sent-automatically; deleted

            --b1--
            """),
        new("Microsoft: a complaint without a report", ReturnKind.Complaint, BounceClass.Complaint,
            $"""
            From: staff@mail.example
            To: {ReturnPath}
            Subject: complaint about message from 192.0.2.9
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b1"

            --b1
            Content-Type: message/rfc822

            X-HmXmrOriginalRecipient: anna@bjurholm.example
            {Letter}
            Hej!

            --b1--
            """),
        new("Trap: a receipt", ReturnKind.Delivered, BounceClass.NotABounce,
            $"""
            From: anna@bjurholm.example
            To: {ReturnPath}
            Subject: Not read: Novembernumret
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"

            --b1
            Content-Type: text/plain

            Your message was deleted without being read; the mailbox does not exist any longer.

            --b1
            Content-Type: message/disposition-notification

            Final-Recipient: rfc822; anna@bjurholm.example
            Original-Message-ID: <{MessageId}>
            Disposition: automatic-action/MDN-sent-automatically; deleted

            --b1--
            """),
    ];

    private static SampleReturn Plain(string name, BounceClass expected, string said, ReturnKind kind = ReturnKind.Bounce,
        string subject = "failure notice", string from = "MAILER-DAEMON@relay.example.org", string headers = "X-Mailer: none") =>
        new(name, kind, expected,
            $"""
            Delivered-To: {ReturnPath}
            From: {from}
            To: {ReturnPath}
            Subject: {subject}
            Date: Mon, 2 Nov 2026 07:00:05 +0100
            {headers}
            Content-Type: text/plain; charset=utf-8

            {said}
            """);

    private static SampleReturn Feedback(string name, string type, ReturnKind kind, BounceClass expected) =>
        new(name, kind, expected,
            $"""
            From: feedback@mail.example
            To: {ReturnPath}
            Subject: Abuse report
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

            --b1
            Content-Type: text/plain

            This is a report about a message from 192.0.2.9.

            --b1
            Content-Type: message/feedback-report

            Feedback-Type: {type}
            User-Agent: Example/1.0
            Version: 1
            Original-Mail-From: <{ReturnPath}>
            Original-Rcpt-To: <anna@bjurholm.example>

            --b1
            Content-Type: message/rfc822

            {Letter}
            Hej!

            --b1--
            """);
}
