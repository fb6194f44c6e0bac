using System.Net.Sockets;
using System.Text;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>Returned mail by SMTP and LMTP, and through a Postfix that knows us by its transport map.</summary>
[NonParallelizable]
public sealed class ReturnReceiverTests
{
    private TestDatabase database = null!;
    private TestHost smtp = null!;
    private TestHost lmtp = null!;
    private string token = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync();
        smtp = await StartAsync("Smtp");
        lmtp = await StartAsync("Lmtp");
        token = smtp.Get<LinkSigner>().ReturnPathToken(new(17, 3));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await smtp.DisposeAsync();
        await lmtp.DisposeAsync();
        await database.DisposeAsync();
    }

    [SetUp]
    public Task EmptyAsync() => database.EmptyAsync("incoming_mail");

    [Test]
    public async Task Mail_to_a_return_path_is_kept_before_250_once_however_often_it_is_brought()
    {
        var talk = $"EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<studs-{token}@smakom.example>\r\nDATA\r\nSubject: Studs\r\n\r\n..punkt\nbar\r\n.\r\nQUIT\r\n";

        Assert.That(await CodesAsync(smtp, talk), Is.EqualTo("220 250 250 250 354 250 221"), "a bare LF is taken here");
        Assert.That(await CodesAsync(smtp, talk), Is.EqualTo("220 250 250 250 354 250 221"), "its 250 was lost");
        Assert.That(await database.ScalarAsync<string>("SELECT string_agg(source || ' ' || sent_to || ' ' || octets, ',') FROM incoming_mail"),
            Is.EqualTo($"smtp studs-{token}@smakom.example 30"));
        Assert.That(await database.ScalarAsync<byte[]>("SELECT bytes FROM incoming_mail"), Is.EqualTo("Subject: Studs\r\n\r\n.punkt\nbar\r\n"u8.ToArray()));
    }

    [Test]
    public async Task Only_what_may_come_back_is_taken()
    {
        var forged = token[..^1] + (token[^1] == 'a' ? 'b' : 'a');
        foreach (var (recipient, code) in new[]
        {
            ($"studs-{token.ToUpperInvariant()}@smakom.example", 250), ($"STUDS-{token}@SMAKOM.EXAMPLE", 250), ($"nyhetsbrev+studs-{token}@hotell.example", 250),
            ("avsluta@smakom.example", 250), ("Avsluta+vad@smakom.example", 250),
            ($"studs-{forged}@smakom.example", 550), ("studs-@smakom.example", 550), ($"{token}@smakom.example", 550), ("red@smakom.example", 550),
            ("avsluta@annan.example", 550), ($"studs-{smtp.Get<LinkSigner>().Token(LinkPurpose.Unsubscribe, new(17, 3))}@smakom.example", 550), ("postmaster", 550),
        })
            Assert.That(await CodesAsync(smtp, $"EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nQUIT\r\n"), Is.EqualTo($"220 250 250 {code} 221"), recipient);
    }

    [Test]
    public async Task Lmtp_answers_for_each_recipient()
    {
        var unsubscribe = "avsluta@smakom.example";
        Assert.That(await CodesAsync(lmtp, "EHLO mx.example\r\nQUIT\r\n"), Is.EqualTo("220 500 221"), "RFC 2033 §4.1");
        Assert.That(await CodesAsync(lmtp,
            $"LHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<studs-{token}@smakom.example>\r\nRCPT TO:<x@smakom.example>\r\nRCPT TO:<{unsubscribe}>\r\nDATA\r\nSubject: 1\r\n\r\n1\r\n.\r\nQUIT\r\n"),
            Is.EqualTo("220 250 250 250 550 250 354 250 250 221"));
        Assert.That(await database.ScalarAsync<int>("SELECT count(*)::int FROM incoming_mail"), Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_too_large_is_refused_and_what_cannot_be_kept_is_brought_again()
    {
        var envelope = $"EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<studs-{token}@smakom.example>\r\n";
        Assert.That(await CodesAsync(smtp, "EHLO mx.example\r\nMAIL FROM:<> SIZE=1048577\r\nQUIT\r\n"), Is.EqualTo("220 250 552 221"));
        var large = string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 1_049));
        Assert.That(await CodesAsync(smtp, $"{envelope}DATA\r\n{large}.\r\nQUIT\r\n"), Is.EqualTo("220 250 250 250 354 552 221"));

        await database.ExecuteAsync("ALTER TABLE incoming_mail RENAME TO away");
        try
        {
            Assert.That(await CodesAsync(smtp, $"{envelope}DATA\r\nSubject: 2\r\n\r\n2\r\n.\r\nQUIT\r\n"), Is.EqualTo("220 250 250 250 354 452 221"));
        }
        finally
        {
            await database.ExecuteAsync("ALTER TABLE away RENAME TO incoming_mail");
        }
    }

    [Test]
    public async Task Postfix_passes_on_what_comes_back()
    {
        await using var postfix = new PostfixServer();
        using var certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        await postfix.StartAsync(certificates);
        await postfix.PassOnAsync("smakom.example", "lmtp", lmtp.Get<ReturnReceiver>().Port);

        Assert.That(await CodesAsync(postfix.Port,
            $"EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<studs-{token}@smakom.example>\r\nDATA\r\nSubject: Genom Postfix\r\n\r\nhej\r\n.\r\nQUIT\r\n"),
            Is.EqualTo("220 250 250 250 354 250 221"));
        await database.UntilAsync("SELECT EXISTS (SELECT FROM incoming_mail)");
        Assert.That(await database.ScalarAsync<string>("SELECT sent_to FROM incoming_mail"), Is.EqualTo($"studs-{token}@smakom.example"));
        Assert.That(Encoding.UTF8.GetString(await database.ScalarAsync<byte[]>("SELECT bytes FROM incoming_mail")), Does.Contain("Subject: Genom Postfix\r\n"));
    }

    private Task<TestHost> StartAsync(string protocol) => TestHost.StartAsync(database, ("Roles", "worker"), ("Receiver:Enabled", "true"), ("Receiver:Port", "0"),
        ("Receiver:Protocol", protocol), ("Sender:UnsubscribeMailbox", "avsluta@smakom.example"));

    private static Task<string> CodesAsync(TestHost host, string talk) => CodesAsync(host.Get<ReturnReceiver>().Port, talk);

    /// <summary>The replies' codes, the last line of each.</summary>
    private static async Task<string> CodesAsync(int port, string talk)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        using var reader = new StreamReader(client.GetStream());
        var codes = new List<string>();
        // Line by line, as Postfix refuses who speaks before it is spoken to; the letter in one piece.
        codes.Add(await ReplyAsync(reader));
        foreach (var (said, replies) in Steps(talk))
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(said));
            for (var reply = 0; reply < replies; reply++)
            {
                codes.Add(await ReplyAsync(reader));
                if (said.StartsWith("DATA", StringComparison.Ordinal) && codes[^1] != "354") return string.Join(' ', codes);
            }
        }

        string? more;
        while ((more = await reader.ReadLineAsync()) is not null) codes.Add(more.Split(' ', '-')[0]);
        return string.Join(' ', codes);
    }

    private static IEnumerable<(string Said, int Replies)> Steps(string talk)
    {
        var data = talk.IndexOf("DATA\r\n", StringComparison.Ordinal);
        foreach (var line in (data < 0 ? talk : talk[..data]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line != "QUIT"))
            yield return (line + "\r\n", 1);
        if (data >= 0)
        {
            yield return ("DATA\r\n", 1);
            yield return (talk[(data + 6)..].Replace("QUIT\r\n", "", StringComparison.Ordinal), 1);
        }

        yield return ("QUIT\r\n", 0);
    }

    private static async Task<string> ReplyAsync(StreamReader reader)
    {
        string line;
        do line = await reader.ReadLineAsync() ?? "";
        while (line.Length > 3 && line[3] == '-');
        return line.Split(' ')[0];
    }
}
