using System.Globalization;
using System.Text;
using MailKit.Security;
using MimeKit;
using MailKitClient = MailKit.Net.Smtp.SmtpClient;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>MailKit without us, over a socket with NoDelay.</summary>
internal static partial class ClientRun
{
    static partial void Others(List<Func<int, bool, int, int, Task<Row>>> others) => others.Add((connections, sign, letters, bytes) =>
        MeasureAsync("MailKit and MimeKit alone", connections, sign, letters, (port, count) => SendByMimeKitAsync(port, count, bytes, sign)));

    private static async Task SendByMimeKitAsync(int port, int letters, int bytes, bool sign)
    {
        var signer = new MimeKit.Cryptography.DkimSigner(new MemoryStream(Encoding.ASCII.GetBytes(KeyPem)), "bench.example", "mail");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        using var client = new MailKitClient { LocalDomain = "bench.example" };
        await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
        var body = Encoding.ASCII.GetString(Letter(0, bytes)).Split("\r\n\r\n", 2)[1];
        for (var i = 0; i < letters; i++)
        {
            using var message = new MimeMessage();
            message.From.Add(new MailboxAddress("", "a@bench.example"));
            message.To.Add(new MailboxAddress("", string.Create(CultureInfo.InvariantCulture, $"p{i}@bench.example")));
            message.Subject = "Nyhetsbrev";
            message.Body = new TextPart("plain") { Text = body.Replace("person 0", string.Create(CultureInfo.InvariantCulture, $"person {i}"), StringComparison.Ordinal) };
            if (sign)
            {
                message.Prepare(EncodingConstraint.SevenBit);
                signer.Sign(message, [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId]);
            }
            await client.SendAsync(message);
        }
        await client.DisconnectAsync(quit: true);
    }
}
