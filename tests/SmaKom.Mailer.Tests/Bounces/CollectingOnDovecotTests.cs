using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Bounces;
using SmaKom.Mailer.Bounces.Collecting;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>From a mailbox on a real Dovecot into <c>incoming_mail</c>.</summary>
[NonParallelizable]
public sealed class CollectingOnDovecotTests
{
    private FakeRelayCertificates certificates = null!;
    private DovecotServer dovecot = null!;
    private TestDatabase database = null!;
    private string roots = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        dovecot = new DovecotServer();
        await dovecot.StartAsync(certificates);
        dovecot.MakeFolder("Klart");
        database = await TestDatabase.CreateAsync();
        roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, certificates.Authority.ExportCertificatePem());
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await database.DisposeAsync();
        await dovecot.DisposeAsync();
        certificates.Dispose();
        File.Delete(roots);
    }

    [SetUp]
    public async Task EmptyAsync()
    {
        dovecot.Renumber();
        await database.EmptyAsync("incoming_mail, mail_source");
    }

    [TestCase(MailboxProtocol.Imap, MailboxDuty.MarkSeen, 2, 0)]
    [TestCase(MailboxProtocol.Imap, MailboxDuty.Move, 0, 0)]
    [TestCase(MailboxProtocol.Imap, MailboxDuty.Delete, 0, 0)]
    [TestCase(MailboxProtocol.Pop3, MailboxDuty.MarkSeen, 2, 0)]
    [TestCase(MailboxProtocol.Pop3, MailboxDuty.Delete, 0, 0)]
    public async Task Each_letter_is_stored_once_byte_for_byte_and_ticked_off_as_it_is_set(
        MailboxProtocol protocol, MailboxDuty duty, int left, int unseen)
    {
        byte[] letter = [.. "Subject: Studs\r\n\r\n.punkt\r\n"u8, 0xE5, 0xFF, .. "\r\n.\r\n"u8];
        await dovecot.DeliverAsync(letter);
        await dovecot.DeliverAsync("Subject: Till\r\n\r\nhej\r\n"u8.ToArray());
        await using var host = await StartAsync(protocol, ("Mailbox:AfterCollecting", $"{duty}"), ("Mailbox:MoveTo", duty == MailboxDuty.Move ? "Klart" : ""));
        var collector = host.Get<MailboxCollector>();

        Assert.That(await collector.CollectOnceAsync(default), Is.EqualTo(2));
        Assert.That((await StoredAsync(), dovecot.Letters, dovecot.Unseen), Is.EqualTo((2, left, unseen)));
        Assert.That(await database.ScalarAsync<byte[]>("SELECT bytes FROM incoming_mail ORDER BY octets DESC LIMIT 1"), Is.EqualTo(letter));
        Assert.That(await database.ScalarAsync<bool>("SELECT bool_and(state = 'waiting' AND format = 'mail' AND octets = length(bytes)) FROM incoming_mail"));

        Assert.That(await collector.CollectOnceAsync(default), Is.Null, "it is not time yet");
        await database.ExecuteAsync("UPDATE mail_source SET next_at = now()");
        Assert.That((await collector.CollectOnceAsync(default), await StoredAsync()), Is.EqualTo((0, 2)), "and nothing is new then");
    }

    [TestCase(MailboxProtocol.Imap)]
    [TestCase(MailboxProtocol.Pop3)]
    public async Task A_crash_between_storing_and_ticking_off_stores_nothing_twice(MailboxProtocol protocol)
    {
        for (var number = 1; number <= 3; number++) await dovecot.DeliverAsync("Subject: Studs\r\n\r\nsamma text\r\n"u8.ToArray());
        await using var host = await StartAsync(protocol, ("Mailbox:AfterCollecting", "Delete"));
        var (source, mails, handedOver) = (host.Get<IMailSource>(), host.Get<IncomingMails>(), 0);

        // Kept and committed; what comes next never happens.
        Assert.ThrowsAsync<InvalidOperationException>(() => source.CollectAsync(async (mail, ct) =>
        {
            await mails.StoreAsync(mail, ct);
            if (++handedOver == 2) throw new InvalidOperationException("killed");
        }, default));
        Assert.That((await StoredAsync(), dovecot.Letters), Is.EqualTo((2, protocol == MailboxProtocol.Pop3 ? 2 : 3)),
            "nothing is deleted of which it is not known that it is kept");

        Assert.That(await host.Get<MailboxCollector>().CollectOnceAsync(default), Is.Not.Null);
        Assert.That((await StoredAsync(), dovecot.Letters), Is.EqualTo((3, 0)), "the same text three times is three letters, and each is one row");
    }

    [Test]
    public async Task One_worker_collects_at_a_time_and_a_lost_lock_ends_it()
    {
        await dovecot.DeliverAsync("Subject: 1\r\n\r\n1\r\n"u8.ToArray());
        await dovecot.DeliverAsync("Subject: 2\r\n\r\n2\r\n"u8.ToArray());
        await using var host = await StartAsync(MailboxProtocol.Imap);
        var held = new HeldSource(host.Get<ImapSource>());
        var (first, second) = (Collector(host, held), host.Get<MailboxCollector>());

        var collecting = first.CollectOnceAsync(default);
        await held.Asked.Task;
        Assert.That(await second.CollectOnceAsync(default), Is.Null, "the other has the lock");
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 2");
        held.GoOn.SetResult();
        Assert.That(async () => await collecting, Throws.Exception.Matches<Exception>(DatabaseFailure.Is), "its lock is gone, and it knows");
        Assert.That(await StoredAsync(), Is.Zero);

        Assert.That(await second.CollectOnceAsync(default), Is.EqualTo(2));
    }

    [Test]
    public async Task The_worker_collects_by_itself_and_says_on_admin_and_in_doctor_when_it_cannot()
    {
        await dovecot.DeliverAsync("Subject: Studs\r\n\r\nanna@example.org\r\n"u8.ToArray());
        await using (var worker = await StartAsync(MailboxProtocol.Imap, ("Roles", "worker"), ("Mailbox:CollectEvery", "00:00:01")))
            await database.UntilAsync("SELECT EXISTS (SELECT FROM incoming_mail)");

        await database.ExecuteAsync("UPDATE mail_source SET next_at = now()");
        var log = new KeptLog();
        await using var host = await TestHost.StartAsync(database, builder => builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace),
            [.. Settings(MailboxProtocol.Imap), ("Roles", "web"), ("Mailbox:Password", "fel ord")]);
        Assert.That(await host.Get<MailboxCollector>().CollectOnceAsync(default), Is.Null);

        var finding = (await host.Get<Checkup>().LookAsync(default)).Single(finding => finding.Kind == FindingKind.MailboxPassword);
        Assert.That((finding.Severity, finding.Facts[1]), Is.EqualTo((Severity.Fault, (object)1)));
        Assert.That(host.Get<FindingTexts>().Of(finding).Do, Does.Contain("SMAKOM__Mailbox__Password"));
        Assert.That(string.Join("\n", log.Lines), Does.Contain("bounce mailbox failed").And.Not.Contain("fel ord").And.Not.Contain("anna@").And.Not.Contain(MailServer.Username));

        foreach (var (kind, found) in new[] { (RelayFailure.Timeout, FindingKind.MailboxUnreachable), (RelayFailure.Tls, FindingKind.MailboxCertificate),
            (RelayFailure.Busy, FindingKind.MailboxFailing) })
        {
            await host.Get<MailSources>().FailedAsync(host.Get<IMailSource>().Name, TimeSpan.FromMinutes(2), kind, default);
            Assert.That((await host.Services.GetServices<ICheck>().OfType<MailboxChecks>().Single().LookAsync(default)).Single().Kind, Is.EqualTo(found));
        }

        Assert.That(await database.ScalarAsync<double>("SELECT extract(epoch FROM next_at - asked_at)::float8 FROM mail_source"), Is.EqualTo(16 * 60).Within(1),
            "four failures in a row: 2, 4, 8, 16 minutes");
        await host.Get<MailSources>().WorkedAsync(host.Get<IMailSource>().Name, TimeSpan.FromMinutes(2), default);
        Assert.That(await host.Services.GetServices<ICheck>().OfType<MailboxChecks>().Single().LookAsync(default), Is.Empty);
    }

    private Task<int> StoredAsync() => database.ScalarAsync<int>("SELECT count(*)::int FROM incoming_mail");

    private Task<TestHost> StartAsync(MailboxProtocol protocol, params (string, string)[] settings) =>
        TestHost.StartAsync(database, [.. Settings(protocol), ("Roles", "web"), .. settings]);

    private (string, string)[] Settings(MailboxProtocol protocol) =>
    [
        ("Mailbox:Host", "127.0.0.1"), ("Mailbox:Protocol", $"{protocol}"),
        ("Mailbox:Port", $"{(protocol == MailboxProtocol.Pop3 ? dovecot.Pop3Port : dovecot.ImplicitPort)}"),
        ("Mailbox:Username", MailServer.Username), ("Mailbox:Password", MailServer.Password), ("Mailbox:TrustedRootsFile", roots),
    ];

    private static MailboxCollector Collector(TestHost host, IMailSource source) => ActivatorUtilities.CreateInstance<MailboxCollector>(host.Services, source);

    /// <summary>Waits in the middle until it is told to go on.</summary>
    private sealed class HeldSource(IMailSource source) : IMailSource
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => source.Name;

        public async Task<int> CollectAsync(Func<CollectedMail, CancellationToken, Task> store, CancellationToken ct)
        {
            Asked.SetResult();
            await GoOn.Task;
            return await source.CollectAsync(store, ct);
        }
    }
}
