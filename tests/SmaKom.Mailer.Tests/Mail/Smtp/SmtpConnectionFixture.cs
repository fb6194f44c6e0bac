using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>A scripted relay and the client that this build is made with, with and without PIPELINING and CHUNKING.</summary>
[TestFixture(true, true)]
[TestFixture(true, false)]
[TestFixture(false, true)]
[TestFixture(false, false)]
public abstract class SmtpConnectionFixture(bool pipelining, bool chunking)
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
        transport = Given.Transport(Time);
    }

    [TearDown]
    public async Task Stop() => await Relay.DisposeAsync();

    private protected Task<IMailConnection> ConnectAsync() => transport.ConnectAsync(Given.Endpoint(Relay), default);

    private protected static Task<SendResult> SendAsync(IMailConnection connection, string recipient, string body = "Hej!\r\n", string? next = null) =>
        connection.SendAsync(Given.Letter(recipient, body), Given.Yes, next is null ? null : Given.To(next), default).AsTask();
}
