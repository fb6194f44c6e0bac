using System.Text;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Mail.Smtp;

/// <summary>What our clients promise holds with real servers, and the fakes behave as the real ones do.</summary>
[TestFixture(SmtpClientKind.MailKit)]
[TestFixture(SmtpClientKind.Pipelined)]
public sealed class MailServerContractTests(SmtpClientKind client)
{
    private static readonly string[] All = ["FakeRelay", "Receiver", "Postfix", "Exim", "OpenSMTPD", "smtp-sink"];
    private static readonly string[] WithRefusals = ["FakeRelay", "Receiver", "Postfix", "Exim", "OpenSMTPD"];
    private static readonly string[] WithTls = ["FakeRelay", "Receiver", "Postfix", "Exim"];
    private static readonly string[] WithSmtputf8 = ["FakeRelay", "Receiver", "Postfix", "Exim"];
    private readonly IMailTransport transport = Given.Transport(client);
    private Dictionary<string, IContractServer> servers = [];
    private FakeRelayCertificates certificates = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        servers = await ContractServers.StartAsync(certificates);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        foreach (var server in servers.Values)
            await server.DisposeAsync();
        certificates.Dispose();
    }

    [Test]
    public async Task Accepted_letters_arrive_with_every_byte(
        [ValueSource(nameof(All))] string name, [Values] bool pipelining, [Values] bool chunking)
    {
        var marker = Marker();
        var letters = Enumerable.Range(0, 5).Select(i => Given.Letter(
            $"{marker}{i}@example.org",
            $".\r\n..\r\n.dot {i}\r\n\r\n{new string('x', 998)}\r\n.\r\n{string.Concat(Enumerable.Repeat("=C3=A5 rad\r\n", 2000))}slut.\r\n"))
                .ToArray();
        await using var connection = await ConnectAsync(name, e => e with { UsePipelining = pipelining, UseChunking = chunking });

        for (var i = 0; i < letters.Length; i++)
        {
            var result = await connection.SendAsync(letters[i], Given.Yes, letters.ElementAtOrDefault(i + 1)?.Envelope, default);
            Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted), result.ToString());
        }

        var stored = await servers[name].LettersAsync(marker, letters.Length);
        foreach (var letter in letters)
            Assert.That(stored.Count(s => EndsWith(s, letter.Message)), Is.EqualTo(1), () => Encoding.Latin1.GetString(stored[0])[..1000]);
        Assert.That(stored, Has.Count.EqualTo(letters.Length));
    }

    [Test]
    public async Task Refused_recipient_is_a_value_and_the_next_is_accepted(
        [ValueSource(nameof(WithRefusals))] string name, [Values] bool chunking)
    {
        var marker = Marker();
        await using var connection = await ConnectAsync(name, e => e with { UseChunking = chunking });

        var refused = await connection.SendAsync(
            Given.Letter(servers[name].RefusedRecipient, marker), Given.Yes, Given.To($"{marker}@example.org"), default);
        var accepted = await connection.SendAsync(Given.Letter($"{marker}@example.org"), Given.Yes, null, default);

        Assert.That((refused.Status, refused.Stage, refused.Reply!.Code), Is.EqualTo((SendStatus.Refused, "RCPT TO", 550)));
        Assert.That(accepted.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(await servers[name].LettersAsync(marker, 1), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Withdrawn_letter_is_not_stored([ValueSource(nameof(All))] string name, [Values] bool chunking)
    {
        var marker = Marker();
        await using (var connection = await ConnectAsync(name, e => e with { UseChunking = chunking }))
        {
            var result = await connection.SendAsync(Given.Letter($"{marker}@example.org", "withdrawn"), Given.No, null, default);
            Assert.That(result.Status, Is.EqualTo(SendStatus.Withdrawn));
        }

        await using var other = await ConnectAsync(name, e => e);
        await other.SendAsync(Given.Letter($"{marker}@example.org", "kept"), Given.Yes, null, default);

        Assert.That(Text(await servers[name].LettersAsync(marker, 1)), Has.One.Items.And.All.Contains("kept"));
    }

    [TestCase("\n.\n")]
    [TestCase("\r.\r")]
    [TestCase("\n.\r\n")]
    [TestCase("\r\n.\n")]
    [TestCase("\r.\r\n")]
    [TestCase("\r\n.\r")]
    public async Task Body_that_would_smuggle_a_second_letter_is_never_sent(string end)
    {
        foreach (var name in All)
        {
            var marker = Marker();
            var smuggler = Given.Letter($"{marker}@example.org",
                $"a{end}MAIL FROM:<x@example.org>\r\nRCPT TO:<{marker}@example.org>\r\nDATA\r\nSubject: {marker}\r\n\r\nforged\r\n");
            await using var connection = await ConnectAsync(name, e => e);

            Assert.ThrowsAsync<ArgumentException>(() => connection.SendAsync(smuggler, Given.Yes, null, default).AsTask());
            await connection.SendAsync(Given.Letter($"{marker}@example.org", "honest"), Given.Yes, null, default);

            Assert.That(Text(await servers[name].LettersAsync(marker, 1)), Has.One.Items.And.All.Contains("honest"));
        }
    }

    [Test]
    public async Task Text_that_reads_like_commands_stays_text([ValueSource(nameof(All))] string name, [Values] bool chunking)
    {
        var marker = Marker();
        var letter = Given.Letter($"{marker}@example.org",
            $"\r\n.\r\nMAIL FROM:<x@example.org>\r\nRCPT TO:<{marker}@example.org>\r\nDATA\r\nforged\r\n.\r\nQUIT\r\n");
        await using var connection = await ConnectAsync(name, e => e with { UseChunking = chunking });

        await connection.SendAsync(letter, Given.Yes, null, default);

        var stored = await servers[name].LettersAsync(marker, 1);
        Assert.That(stored, Has.Count.EqualTo(1));
        Assert.That(EndsWith(stored[0], letter.Message), Is.True);
    }

    [Test]
    public async Task Encrypted_and_authenticated_letter_arrives(
        [ValueSource(nameof(WithTls))] string name, [Values(AuthMechanism.Auto, AuthMechanism.Plain)] AuthMechanism mechanism)
    {
        var marker = Marker();
        await using var connection = await ConnectAsync(name, e => e with
        {
            Tls = TlsMode.StartTls,
            Username = MailServer.Username,
            Password = MailServer.Password,
            Auth = mechanism,
        });

        var result = await connection.SendAsync(Given.Letter($"{marker}@example.org"), Given.Yes, null, default);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted));
        Assert.That(await servers[name].LettersAsync(marker, 1), Has.Count.EqualTo(1));
    }

    [Test]
    public void Wrong_password_is_the_relays_failure([ValueSource(nameof(WithTls))] string name)
    {
        var failure = Assert.ThrowsAsync<RelayException>(() => ConnectAsync(name, e => e with
        {
            Tls = TlsMode.StartTls,
            Username = MailServer.Username,
            Password = "not the one",
        }))!;

        Assert.That((failure.Kind, failure.Reply?.Code), Is.EqualTo((RelayFailure.Authentication, 535)));
        Assert.That(failure.ToString(),
            Does.Not.Contain("not the one").And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes("\0utskick\0not the one"))));
    }

    [Test]
    public void Certificate_for_another_name_is_refused([ValueSource(nameof(WithTls))] string name)
    {
        var failure = Assert.ThrowsAsync<RelayException>(() =>
            ConnectAsync(name, e => e with { Tls = TlsMode.StartTls, Port = servers[name].WrongNamePort }))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Tls));
        Assert.That(failure.Message, Does.Contain("its certificate is for other.example, not localhost"));
    }

    [Test]
    public void Expired_certificate_is_refused([ValueSource(nameof(WithTls))] string name)
    {
        var failure = Assert.ThrowsAsync<RelayException>(() =>
            ConnectAsync(name, e => e with { Tls = TlsMode.StartTls, Port = servers[name].ExpiredPort }))!;

        Assert.That(failure.Kind, Is.EqualTo(RelayFailure.Tls));
        Assert.That(failure.Message, Does.Contain("its certificate is valid from"));
    }

    [Test]
    public async Task Address_beyond_ascii_goes_where_SMTPUTF8_is_offered([ValueSource(nameof(WithSmtputf8))] string name)
    {
        var marker = Marker();
        await using var connection = await ConnectAsync(name, e => e);

        var result = await connection.SendAsync(Given.Letter($"åsa.{marker}@example.org", marker), Given.Yes, null, default);

        Assert.That(result.Status, Is.EqualTo(SendStatus.Accepted), result.ToString());
        Assert.That(await servers[name].LettersAsync(marker, 1), Has.Count.EqualTo(1));
    }

    [TestCase("Postfix without SMTPUTF8")]
    [TestCase("OpenSMTPD")]
    [TestCase("smtp-sink")]
    public async Task Address_beyond_ascii_is_undeliverable_where_SMTPUTF8_is_not_offered(string name)
    {
        await using var connection = await ConnectAsync(name, e => e);

        var result = await connection.SendAsync(Given.Letter("åsa@example.org"), Given.Yes, null, default);

        Assert.That((result.Status, result.Reply), Is.EqualTo((SendStatus.Refused, new SmtpReply(553, new(5, 6, 7), "undeliverable: no SMTPUTF8"))));
    }

    [Test]
    public async Task Connection_test_names_every_step([ValueSource(nameof(WithTls))] string name)
    {
        var (steps, speed) =
            await ConnectionTest.RunAsync(Given.Transport(client),
                Endpoint(name) with { Tls = TlsMode.StartTls, Username = MailServer.Username, Password = MailServer.Password });

        Assert.That(steps.Select(s => s.Stage), Is.EqualTo(Enum.GetValues<ConnectionTestStage>()));
        Assert.That(steps.Select(s => s.Passed), Is.All.True, string.Join('\n', steps));
        Assert.That(steps[1].Detail, Does.Match("^Tls1[23], TLS_\\w+, certificate CN=localhost, issued by CN=Test CA, valid until 20"));
        Assert.That(steps.Select(s => s.Took), Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(speed!.RoundTrip, Is.GreaterThan(TimeSpan.Zero));
    }

    private static string Marker() => "m" + Guid.NewGuid().ToString("N");

    private RelayEndpoint Endpoint(string name) => new()
    {
        Host = "localhost",
        Port = name.StartsWith("Postfix ", StringComparison.Ordinal) ? ((PostfixServer)servers["Postfix"].Server!).AsciiPort : servers[name].Port,
        Tls = TlsMode.None,
        HeloName = "mailer.example.org",
        TrustedRoots = certificates.Roots,
    };

    private Task<IMailConnection> ConnectAsync(string name, Func<RelayEndpoint, RelayEndpoint> with) =>
        transport.ConnectAsync(with(Endpoint(name)), default);

    // Above the letter the servers add trace headers; in a Maildir lines end with LF.
    private static bool EndsWith(byte[] stored, ReadOnlyMemory<byte> letter) =>
        Text([stored])[0].EndsWith(Text([letter.ToArray()])[0], StringComparison.Ordinal);

    private static List<string> Text(IEnumerable<byte[]> letters) =>
        [.. letters.Select(l => Encoding.Latin1.GetString(l).Replace("\r\n", "\n", StringComparison.Ordinal))];
}
