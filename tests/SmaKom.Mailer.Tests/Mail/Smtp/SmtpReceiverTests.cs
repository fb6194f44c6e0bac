using System.Net.Sockets;
using System.Text;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

public sealed class SmtpReceiverTests
{
    private const string Hello = "EHLO a.example\r\n";
    private const string Envelope = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n";

    [Test]
    public async Task Group_of_commands_is_answered_in_order()
    {
        await using var host = new ReceiverHost();

        var replies = await TalkAsync(host, $"{Hello}{Envelope}DATA\r\n..dot\r\n.\r\nNOOP\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 354 250 250 221"));
        Assert.That(Encoding.ASCII.GetString(host.Messages.Single().Bytes.Span), Is.EqualTo(".dot\r\n"));
        Assert.That(host.Messages.Single().Recipients, Is.EqualTo(new[] { "b@example.org" }));
        Assert.That(host.Messages.Single().ReturnPath, Is.EqualTo("a@example.org"));
    }

    [Test]
    public async Task Offers_are_what_it_can_do()
    {
        await using var host = new ReceiverHost();

        var replies = await TalkAsync(host, $"{Hello}QUIT\r\n");

        foreach (var offer in new[] { "PIPELINING", "SIZE 26214400", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "CHUNKING" })
            Assert.That(replies, Does.Contain(offer));
        Assert.That(replies, Does.Not.Contain("STARTTLS").And.Not.Contain("AUTH"));
    }

    [TestCase("a\n.\nb\r\n")]
    [TestCase("a\r.\rb\r\n")]
    [TestCase("a\n.\r\nMAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nforged\r\n")]
    [TestCase("a\r\n.\nMAIL FROM:<evil@example.org>\r\n")]
    [TestCase("a\r\n.\rb\r\n")]
    [TestCase("a\0\n.\r\r\n")]
    public async Task Smuggled_end_of_data_refuses_the_whole_letter(string body)
    {
        await using var host = new ReceiverHost();

        var replies = await TalkAsync(host, $"{Hello}{Envelope}DATA\r\n{body}.\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 354 550 221"));
        Assert.That(host.Messages, Is.Empty);
    }

    [Test]
    public async Task Chunks_make_one_letter_without_undoing_dots()
    {
        await using var host = new ReceiverHost();

        var replies = await TalkAsync(host, $"{Hello}{Envelope}BDAT 5\r\n..a\r\nBDAT 3 LAST\r\nb\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 250 250 221"));
        Assert.That(Encoding.ASCII.GetString(host.Messages.Single().Bytes.Span), Is.EqualTo("..a\r\nb\r\n"));
    }

    [Test]
    public async Task Chunk_without_recipient_is_read_and_refused()
    {
        await using var host = new ReceiverHost();

        var replies = await TalkAsync(host, $"{Hello}MAIL FROM:<a@example.org>\r\nBDAT 6 LAST\r\nQUIT\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 503 221"));
    }

    [Test]
    public async Task Chunk_of_unknown_length_ends_the_session()
    {
        await using var host = new ReceiverHost();

        Assert.That(Codes(await TalkAsync(host, $"{Hello}{Envelope}BDAT many\r\nQUIT\r\n")), Is.EqualTo("220 250 250 250 501"));
    }

    [TestCase("MAIL FROM:a@example.org", 501)]
    [TestCase("MAIL FROM:<a@example.org> SIZE=99999999999", 552)]
    [TestCase("MAIL FROM:<a@example.org> FOO=1", 555)]
    [TestCase("MAIL FROM:<åsa@example.org>", 553)]
    [TestCase("MAIL FROM:<åsa@example.org> SMTPUTF8", 250)]
    [TestCase("MAIL FROM:<>", 250)]
    [TestCase("MAIL FROM: <a@example.org>", 250)]
    [TestCase("RCPT TO:<b@example.org>", 503)]
    [TestCase("VRFY b", 252)]
    [TestCase("EXPN all", 500)]
    [TestCase("STARTTLS", 503)]
    [TestCase("AUTH PLAIN", 503)]
    [TestCase("DATA", 503)]
    public async Task Command_gets_its_reply(string command, int code)
    {
        await using var host = new ReceiverHost();

        Assert.That(Codes(await TalkAsync(host, $"{Hello}{command}\r\nQUIT\r\n")), Is.EqualTo($"220 250 {code} 221"));
    }

    [Test]
    public async Task Letter_beyond_the_limit_is_refused_and_the_session_goes_on()
    {
        await using var host = new ReceiverHost(new() { MaxMessageSize = 100 });

        var replies = await TalkAsync(host, $"{Hello}{Envelope}DATA\r\n{new string('x', 150)}\r\n.\r\nNOOP\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 354 552 250 221"));
    }

    [Test]
    public async Task Letter_far_beyond_the_limit_is_cut_off()
    {
        await using var host = new ReceiverHost(new() { MaxMessageSize = 100_000 });

        var replies = await TalkAsync(host, $"{Hello}{Envelope}DATA\r\n{new string('x', 300_000)}");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 354 552"));
    }

    [Test]
    public async Task Too_many_errors_end_the_session()
    {
        await using var host = new ReceiverHost(new() { MaxErrors = 2 });

        Assert.That(Codes(await TalkAsync(host, "A\r\nB\r\nC\r\nD\r\n")), Is.EqualTo("220 500 500 500 421"));
    }

    [Test]
    public async Task Too_many_recipients_are_put_off()
    {
        await using var host = new ReceiverHost(new() { MaxRecipients = 1 });

        Assert.That(Codes(await TalkAsync(host, $"{Hello}{Envelope}RCPT TO:<c@example.org>\r\nQUIT\r\n")), Is.EqualTo("220 250 250 250 452 221"));
    }

    [Test]
    public async Task Overlong_line_is_refused()
    {
        await using var host = new ReceiverHost();

        Assert.That(Codes(await TalkAsync(host, $"NOOP {new string('x', 10_000)}\r\nQUIT\r\n")), Is.EqualTo("220 500 221"));
    }

    [Test]
    public async Task Refusals_of_policy_and_sink_reach_the_sender()
    {
        await using var host =
            new ReceiverHost(policy: e => e.Recipient.StartsWith("full", StringComparison.Ordinal) ? new(452, new(4, 2, 2), "full") : null);
        host.Answer = () => throw new InvalidDataException("the sink's own trouble");

        var replies = await TalkAsync(host, $"{Hello}{Envelope}RCPT TO:<full@example.org>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 452 354 451 221"));
    }

    [Test]
    public async Task Silent_sender_is_let_go()
    {
        var time = new ManualTime();
        await using var host = new ReceiverHost(time: time);
        using var client = await ConnectAsync(host);
        using var reader = new StreamReader(client.GetStream());
        await reader.ReadLineAsync();

        var farewell = reader.ReadLineAsync();
        // Again only if the server had not begun to wait: the farewell has a time limit of its own.
        while (!farewell.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            await Task.WhenAny(farewell, Task.Delay(TimeSpan.FromMilliseconds(500)));
        }

        Assert.That(await farewell, Does.StartWith("421 4.4.2"));
    }

    [Test]
    public async Task Command_slipped_in_before_the_encryption_ends_the_session()
    {
        using var certificates = new Support.FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        await using var host = new ReceiverHost(new() { Certificate = certificates.Good() });

        Assert.That(Codes(await TalkAsync(host, $"{Hello}STARTTLS\r\nNOOP\r\n")), Is.EqualTo("220 250 220"));
    }

    private static string Codes(string replies) =>
        string.Join(' ', replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(l => l.Length < 4 || l[3] == ' ').Select(l => l[..3]));

    private static async Task<TcpClient> ConnectAsync(ReceiverHost host)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", host.Port);
        return client;
    }

    /// <summary>Says everything at once, hangs up its half, and returns all replies.</summary>
    private static async Task<string> TalkAsync(ReceiverHost host, string script)
    {
        using var client = await ConnectAsync(host);
        var replies = new MemoryStream();
        var reading = client.GetStream().CopyToAsync(replies);
        try
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(script));
            client.Client.Shutdown(SocketShutdown.Send);
            await reading;
        }
        catch (IOException)
        {
            // The receiver closed while we were still speaking; what it said before counts.
        }
        return Encoding.UTF8.GetString(replies.ToArray());
    }
}
