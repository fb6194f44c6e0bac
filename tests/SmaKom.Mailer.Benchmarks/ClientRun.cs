using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>
/// SMTP clients alone: no database, no gate, a body with a name in it, DKIM by our signer (OpenSSL's RSA), beside smtp-source and
/// nodemailer, through both of our clients; and MailKit as its own documentation has it used: MimeKit composes and signs each letter.
/// </summary>
internal static partial class ClientRun
{
    /// <param name="Rate">Letters per second.</param>
    public sealed record Row(string Client, int Connections, bool Signed, double Rate);

    public static async Task<IReadOnlyList<Row>> RunAsync(int letters, int bytes)
    {
        var rows = new List<Row>();
        foreach (var connections in new[] { 8, 16 })
        {
            foreach (var sign in new[] { false, true })
            {
                rows.Add(await MeasureAsync("ours (Pipelined)", connections, sign, letters,
                    (port, count) => SendAsync(new MailTransports()[SmtpClientKind.Pipelined], port, count, bytes, sign)));
                await AddCeilingAsync(rows, connections, sign, letters, bytes);
                rows.Add(await MeasureAsync("ours (MailKit)", connections, sign, letters,
                    (port, count) => SendAsync(new MailTransports()[SmtpClientKind.MailKit], port, count, bytes, sign)));
                rows.Add(await MeasureAsync("MailKit and MimeKit alone", connections, sign, letters,
                    (port, count) => SendByMimeKitAsync(port, count, bytes, sign)));
            }
        }
        return rows;
    }

    private static async Task AddCeilingAsync(List<Row> rows, int connections, bool sign, int letters, int bytes)
    {
        using var sink = await SmtpSink.StartAsync();
        if (!sign) rows.Add(new("smtp-source -d", connections, sign, await SmtpSink.SourceAsync(sink.Port, letters, connections, bytes)));
        rows.Add(new("nodemailer", connections, sign,
            await Nodemailer.RunAsync(sink.Port, Math.Min(letters, sign ? 2000 : 4000), connections, bytes, sign)));
    }

    private static async Task<Row> MeasureAsync(string client, int connections, bool sign, int letters, Func<int, int, Task> sendAsync)
    {
        using var sink = await SmtpSink.StartAsync();
        var share = letters / connections;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => sendAsync(sink.Port, share / 10 + 1)));
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => sendAsync(sink.Port, share))));
        return new(client, connections, sign, share * connections / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task SendAsync(IMailTransport transport, int port, int letters, int bytes, bool sign)
    {
        using var signer = new DkimSigner("bench.example", "mail", Key());
        await using var connection = await transport.ConnectAsync(
            new() { Host = "127.0.0.1", Port = port, Tls = TlsMode.None, HeloName = "bench.example" }, default);
        for (var i = 0; i < letters; i++)
        {
            var message = Letter(i, bytes);
            var result = await connection.SendAsync(
                new(To(i), sign ? Signed(signer, message) : message), _ => ValueTask.FromResult(true), i + 1 < letters ? To(i + 1) : null, default);
            if (result.Status != SendStatus.Accepted) throw new InvalidOperationException($"{result}");
        }
    }

    private static Envelope To(int i) => new("bounce@bench.example", $"p{i}@bench.example");

    private static byte[] Letter(int i, int bytes)
    {
        var text = new StringBuilder(
            $"From: <a@bench.example>\r\nTo: <p{i}@bench.example>\r\nSubject: Nyhetsbrev\r\nMessage-ID: <{i}.1@bench.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHej person {i}!\r\n");
        while (text.Length < bytes)
            text.Append("En rad av ett nyhetsbrev som ingen har skrivit och ingen kommer att läsa.\r\n".Replace("ä", "a", StringComparison.Ordinal));
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Signed(DkimSigner signer, byte[] message)
    {
        var output = new ArrayBufferWriter<byte>(message.Length + 1024);
        signer.Sign(message, TimeProvider.System.GetUtcNow(), output);
        output.Write(message);
        return output.WrittenSpan.ToArray();
    }

    private static RSA Key()
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(KeyPem);
        return rsa;
    }

    private static readonly string KeyPem = RSA.Create(2048).ExportPkcs8PrivateKeyPem();
}
