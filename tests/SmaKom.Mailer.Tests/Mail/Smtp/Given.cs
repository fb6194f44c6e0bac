using System.Text;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>Letters, endpoints and gates that state only what matters.</summary>
internal static class Given
{
    public static IMailTransport Transport(SmtpClientKind client, TimeProvider? time = null) => new MailTransports(time)[client];

    public static readonly IntentGate Yes = _ => ValueTask.FromResult(true);

    public static readonly IntentGate No = _ => ValueTask.FromResult(false);

    public static Envelope To(string recipient) => new("bounce+7@lista.example.org", recipient, "issue-1.7");

    public static OutgoingLetter Letter(string recipient, string body = "Hej!\r\n") =>
        new(To(recipient), Bytes(recipient, body));

    public static byte[] Bytes(string recipient, string body) => Encoding.UTF8.GetBytes(
        $"From: Kommunen <nyheter@lista.example.org>\r\nTo: <{recipient}>\r\nSubject: Nyhetsbrev\r\nDate: Fri, 20 Nov 2026 09:00:00 +0100\r\nMessage-ID: <{recipient.Length}.1@lista.example.org>\r\n\r\n{body}");

    public static RelayEndpoint Endpoint(FakeRelay relay) => new()
    {
        Host = relay.Host,
        Port = relay.Port,
        Tls = TlsMode.None,
        HeloName = "mailer.example.org",
    };
}
