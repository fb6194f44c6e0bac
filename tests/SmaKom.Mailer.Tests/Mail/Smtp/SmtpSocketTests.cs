using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>The socket below every client of this program: our own, MailKit's for SMTP and for IMAP.</summary>
public sealed class SmtpSocketTests
{
    [Test]
    public async Task Nothing_waits_to_fill_a_packet()
    {
        await using var relay = new FakeRelay();
        using var socket = await SmtpTransport.ConnectSocketAsync(Given.Endpoint(relay), TimeProvider.System, default);

        Assert.That(socket.NoDelay, "a client that waits for delayed acknowledgements sends 25 letters a second");
    }
}
