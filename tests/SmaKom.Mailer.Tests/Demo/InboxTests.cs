using System.Net;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Mail.Smtp.Pipelined;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Demo;

/// <summary>The sample inbox, taking a real issue from the real worker.</summary>
public sealed class InboxTests
{
    private TestDatabase database = null!;

    [SetUp]
    public async Task Start() => database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task Stop() => await database.DisposeAsync();

    [Test]
    public async Task A_whole_issue_arrives_and_some_say_no_so_that_the_receipt_has_variety()
    {
        await database.SubscribersAsync(500);
        await database.SubscriberAsync("nej@avvisar.example");
        await database.SubscriberAsync("sen@senare.example");
        var issue = await database.IssueAsync(queued: true);
        await using var host = await SampleHost.StartAsync(database);

        await host.PlanAsync();
        var receipt = await database.UntilSettledAsync(issue);

        Assert.That((receipt.Accepted, receipt.Refused), Is.EqualTo((501, 1)));
        Assert.That(await host.Get<InboxStore>().CountAsync("", default), Is.EqualTo((501L, 501L)));
        Assert.That(await database.ScalarAsync<short>("SELECT attempts FROM delivery WHERE email = 'sen@senare.example'"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_mail_is_found_by_its_recipient_and_shown_in_a_sandbox()
    {
        await database.SubscriberAsync("anna@gransele.example");
        await database.SubscriberAsync("bo@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await using var host = await SampleHost.StartAsync(database);
        await host.PlanAsync();
        await database.UntilSettledAsync(issue);
        using var reader = new PageReader(host.Url);

        var list = await reader.GetAsync("/inkorg?sok=ANNA");
        Assert.That(list.QuerySelectorAll("tbody tr"), Has.Length.EqualTo(1));
        Assert.That(list.QuerySelector("caption")!.TextContent, Is.EqualTo("1 brev till ”ANNA”, de nyaste först"));
        var mail = await reader.GetAsync(list.QuerySelector("tbody a")!.GetAttribute("href")!);
        Assert.That(mail.QuerySelector("h1")!.TextContent, Does.StartWith("Nyheter från småkommunerna"));
        var frame = mail.QuerySelector("iframe")!;
        Assert.That(frame.GetAttribute("sandbox"), Does.Not.Contain("allow-scripts").And.Not.Contain("allow-same-origin"));
        var html = await reader.GetAsync(frame.GetAttribute("src")!);
        Assert.That(string.Join("", reader.Answer.Headers.GetValues("Content-Security-Policy")),
            Does.Contain("sandbox").And.Contain("default-src 'none'").And.Not.Contain("script"));
        Assert.That(html.QuerySelector("base")!.GetAttribute("target"), Is.EqualTo("_top"));
        Assert.That((await reader.GetAsync(mail.QuerySelector("a[href$='visa=text']")!.GetAttribute("href")!)).QuerySelector("pre")!.TextContent,
            Does.Contain("Höstmötet"));
        Assert.That((await reader.GetAsync(mail.QuerySelector("a[href$='visa=kalla']")!.GetAttribute("href")!)).QuerySelector("pre")!.TextContent,
            Does.Contain("List-Unsubscribe-Post"));
    }

    [Test]
    public async Task It_is_not_there_unless_it_is_asked_for()
    {
        await using var host = await TestHost.StartAsync(database, ("Roles", "web"));
        using var reader = new PageReader(host.Url);

        foreach (var path in new[] { "/inkorg", "/inkorg/1", "/inkorg/1/html" })
        {
            await reader.GetAsync(path);
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }

        Assert.That(host.Get<InboxServer>().Port, Is.Zero);
    }

    [Test]
    public async Task A_taken_port_is_told_in_plain_words()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problem = Assert.CatchAsync(() => TestHost.StartAsync(database, ("Roles", "web"), ("Inbox:Enabled", "true"), ("Inbox:Port", $"{port}")));

        Assert.That(problem!.Message, Does.Contain($"Port {port} är upptagen").And.Contain("SMAKOM__Inbox__Port"));
    }

    [TestCase("no header at all", "no header at all")]
    [TestCase("Subject: a\0b\r\nFrom: <\r\nTo: ((((\r\nDate: 1 Jan 9999 23:59:59 -1400\r\n\r\nx\0y", "lördag 2 januari 9999")]
    [TestCase("Date: 1 Jan 1 00:00 +1400\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b", "inte signerat")]
    [TestCase("From: a@example.org\r\nDKIM-Signature: v=1; d=a.example; s=x; l=1\r\n\r\nx", "gäller bara en del av brevet")]
    [TestCase("From: a@example.org\r\nDKIM-Signature: v=1; d=a.example; s=x\r\n\r\nx", "ingen nyckel är publicerad")]
    public async Task Any_mail_is_kept_and_shown(string mail, string shown)
    {
        await using var host = await SampleHost.StartAsync(database);
        await using var connection = await new PipelinedTransport()
            .ConnectAsync(new RelayEndpoint { Host = "127.0.0.1", Port = host.Get<InboxServer>().Port, Tls = TlsMode.None }, null, default);
        using var reader = new PageReader(host.Url);

        var result = await connection.SendAsync(
            new(new("a@smakom.example", "b@gransele.example"), System.Text.Encoding.UTF8.GetBytes(mail + "\r\n")), _ =>
            ValueTask.FromResult(true), null, default);
        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted));

        var address = (await reader.GetAsync("/inkorg")).QuerySelector("tbody a")!.GetAttribute("href")!;
        Assert.That((await reader.GetAsync(address)).Body!.TextContent, Does.Contain(shown));
        foreach (var view in new[] { "text", "kalla" })
        {
            await reader.GetAsync($"{address}?visa={view}");
            Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), view);
        }
    }

    [Test]
    public async Task A_mail_that_cannot_be_kept_is_put_off_and_not_taken()
    {
        await using var host = await SampleHost.StartAsync(database);
        await database.ExecuteAsync("ALTER TABLE inbox_message RENAME TO gone");
        await using var connection = await new MailTransports()[SmtpClientKind.MailKit]
            .ConnectAsync(new RelayEndpoint { Host = "127.0.0.1", Port = host.Get<InboxServer>().Port, Tls = TlsMode.None }, default);

        var result = await connection.SendAsync(new(new("a@smakom.example", "b@gransele.example"), "Subject: x\r\n\r\nx\r\n"u8.ToArray()),
            _ => ValueTask.FromResult(true), null, default);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Deferred));
    }
}
