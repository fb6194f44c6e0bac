using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>The faults that Postfix's own test server injects, so that ours are not the only judge.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class SmtpSinkFaultTests(SmtpClientKind client)
{
    [TestCase("-f", "RCPT", SendStatus.Refused)]
    [TestCase("-r", "RCPT", SendStatus.Deferred)]
    [TestCase("-f", "DATA", SendStatus.Refused)]
    [TestCase("-r", "DATA", SendStatus.Deferred)]
    [TestCase("-f", ".", SendStatus.Refused)]
    [TestCase("-r", ".", SendStatus.Deferred)]
    [TestCase("-q", ".", SendStatus.InDoubt)]
    public async Task Fault_of_one_letter_is_a_value(string flag, string command, SendStatus status)
    {
        await using var sink = await StartAsync(flag, command);
        await using var connection = await ConnectAsync(sink);

        var result = await connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, Given.To("bo@example.org"), default);

        Assert.That(result.Status, Is.EqualTo(status), result.ToString());
    }

    [TestCase("-q", "MAIL", RelayFailure.ConnectionLost)]
    [TestCase("-q", "RCPT", RelayFailure.ConnectionLost)]
    [TestCase("-q", "DATA", RelayFailure.ConnectionLost)]
    [TestCase("-Q", "MAIL", RelayFailure.ServiceClosing)]
    [TestCase("-Q", "RCPT", RelayFailure.ServiceClosing)]
    [TestCase("-Q", "DATA", RelayFailure.ServiceClosing)]
    [TestCase("-Q", ".", RelayFailure.ServiceClosing)]
    public async Task Fault_of_the_relay_is_an_exception(string flag, string command, RelayFailure kind)
    {
        await using var sink = await StartAsync(flag, command);
        await using var connection = await ConnectAsync(sink);

        var failure = Assert.ThrowsAsync<RelayException>(() =>
            connection.SendAsync(Given.Letter("anna@example.org"), Given.Yes, Given.To("bo@example.org"), default).AsTask())!;

        Assert.That(failure.Kind, Is.EqualTo(kind));
    }

    // -e: EHLO refused; -8 no 8BITMIME; -E no enhanced codes; -N no DSN; -p no PIPELINING.
    [TestCase("-e")]
    [TestCase("-8")]
    [TestCase("-E")]
    [TestCase("-N")]
    [TestCase("-p")]
    public async Task Missing_extension_is_done_without(string flag)
    {
        await using var sink = await StartAsync(flag);
        await using var connection = await ConnectAsync(sink);

        for (var i = 0; i < 3; i++)
            Assert.That((await connection.SendAsync(Given.Letter($"p{i}@example.org"), Given.Yes, Given.To($"p{i + 1}@example.org"), default))
                .Status, Is.EqualTo(SendStatus.Accepted));
    }

    private static async Task<SmtpSink> StartAsync(params string[] flags)
    {
        var sink = new SmtpSink(flags);
        try
        {
            await sink.StartAsync(null);
            return sink;
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    private Task<IMailConnection> ConnectAsync(SmtpSink sink) => Given.Transport(client).ConnectAsync(
        new() { Host = "127.0.0.1", Port = sink.Port, Tls = TlsMode.None, HeloName = "mailer.example.org" }, default);
}
