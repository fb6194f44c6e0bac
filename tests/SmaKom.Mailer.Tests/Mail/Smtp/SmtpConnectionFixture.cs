using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>A scripted relay and each of our clients, with and without PIPELINING and CHUNKING.</summary>
[TestFixture(SmtpClientKind.MailKit, true, true)]
[TestFixture(SmtpClientKind.MailKit, true, false)]
[TestFixture(SmtpClientKind.MailKit, false, true)]
[TestFixture(SmtpClientKind.MailKit, false, false)]
[TestFixture(SmtpClientKind.Pipelined, true, true)]
[TestFixture(SmtpClientKind.Pipelined, true, false)]
[TestFixture(SmtpClientKind.Pipelined, false, true)]
[TestFixture(SmtpClientKind.Pipelined, false, false)]
public abstract class SmtpConnectionFixture(SmtpClientKind client, bool pipelining, bool chunking)
{
    private IMailTransport transport = null!;

    private protected FakeRelay Relay { get; private set; } = null!;

    private protected ManualTime Time { get; private set; } = null!;

    private protected string BodyCommand => chunking ? "BDAT" : "DATA";

    [SetUp]
    public void Start()
    {
        Relay = new FakeRelay(new FakeRelayOptions { Pipelining = pipelining, Chunking = chunking });
        Time = new ManualTime();
        transport = Given.Transport(client, Time);
    }

    [TearDown]
    public async Task Stop() => await Relay.DisposeAsync();

    private protected Task<IMailConnection> ConnectAsync() => transport.ConnectAsync(Given.Endpoint(Relay), default);

    private protected static Task<SendResult> SendAsync(IMailConnection connection, string recipient, string body = "Hej!\r\n",
        string? next = null) =>
        connection.SendAsync(Given.Letter(recipient, body), Given.Yes, next is null ? null : Given.To(next), default).AsTask();
}
