using SmaKom.Mailer.Deliveries.Limits;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Tests.Deliveries;

public sealed class ReceiverBackoffTests
{
    [TestCase(421, "4.7.28", "Gmail has detected an unusual rate of unsolicited mail originating from your IP address.")]
    [TestCase(421, "4.7.66", "Come back later")]
    [TestCase(450, "4.7.28", "")]
    [TestCase(421, "4.7.0", "[TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints")]
    [TestCase(451, "4.7.1", "Too many messages, slow down")]
    [TestCase(451, "4.7.650", "The mail server has been temporarily rate limited due to IP reputation.")]
    [TestCase(452, "4.3.2", "Rate limit exceeded")]
    [TestCase(451, null, "You are sending too fast")]
    public void Asked_for(int code, string? enhanced, string text) => Assert.That(ReceiverBackoff.IsAskedBy(Reply(code, enhanced, text)));

    [TestCase(421, "4.7.0", "Too many errors")]
    [TestCase(421, "4.3.2", "Service not available, closing transmission channel")]
    [TestCase(421, null, "closing")]
    [TestCase(451, "4.7.1", "Greylisted, please try again in 300 seconds")]
    [TestCase(450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that prevents additional messages")]
    [TestCase(452, "4.2.2", "Mailbox full, too much mail")]
    [TestCase(452, "4.5.3", "Too many recipients")]
    [TestCase(452, null, "Too many recipients")]
    [TestCase(451, "4.3.0", "Temporary local problem, operator informed")]
    [TestCase(421, "4.3.2", "System shutting down")]
    [TestCase(550, "5.7.28", "Unusual rate of mail")]
    public void Not_asked_for(int code, string? enhanced, string text) => Assert.That(!ReceiverBackoff.IsAskedBy(Reply(code, enhanced, text)));

    [TestCase("EHLO", "4.7.0", false)]
    [TestCase("MAIL FROM", "4.7.0", false)]
    [TestCase("MAIL FROM", "4.7.28", true)]
    [TestCase("RCPT TO", "4.7.0", true)]
    public void Before_the_recipient_is_named_it_is_the_relay_that_speaks(string stage, string enhanced, bool asked) =>
        Assert.That(ReceiverBackoff.IsAskedBy(
            new RelayException(RelayFailure.ServiceClosing, "", stage, Reply(421, enhanced, "too many connections"))), Is.EqualTo(asked));

    private static SmtpReply Reply(int code, string? enhanced, string text)
    {
        var numbers = enhanced?.Split('.').Select(int.Parse).ToArray();
        return new(code, numbers is [var a, var b, var c] ? new EnhancedCode(a, b, c) : null, text);
    }
}
