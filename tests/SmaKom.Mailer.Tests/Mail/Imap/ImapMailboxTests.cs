using System.Text;
using SmaKom.Mailer.Mail.Imap;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Mail.Imap;

/// <summary>A mailbox on a real Dovecot, and on a server that misbehaves as no real one does on demand.</summary>
[NonParallelizable]
public sealed class ImapMailboxTests
{
    private FakeRelayCertificates certificates = null!;
    private DovecotServer dovecot = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        dovecot = new DovecotServer();
        await dovecot.StartAsync(certificates);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await dovecot.DisposeAsync();
        certificates.Dispose();
    }

    [SetUp]
    public void Empty() => dovecot.Renumber();

    [TestCase(TlsMode.StartTls, AuthMechanism.Auto)]
    [TestCase(TlsMode.Implicit, AuthMechanism.Auto)]
    [TestCase(TlsMode.Implicit, AuthMechanism.ScramSha256)]
    [TestCase(TlsMode.Implicit, AuthMechanism.Plain)]
    [TestCase(TlsMode.Implicit, AuthMechanism.Login)]
    public async Task A_letter_of_any_bytes_comes_back_as_it_is_and_stays_unseen(TlsMode tls, AuthMechanism auth)
    {
        byte[] letter = [.. "Subject: Studs\r\nContent-Transfer-Encoding: 8bit\r\n\r\nåäö\r\n* BYE\r\nA00000007 NO {99}\r\nläs {4294967296}\r\n"u8,
            0xE5, 0xFF, 0x80, .. "\r\n.\r\n"u8];
        await dovecot.DeliverAsync(letter);

        for (var time = 0; time < 2; time++)
        {
            await using var folder =
                await OpenAsync(Endpoint() with { Tls = tls, Port = tls == TlsMode.Implicit ? dovecot.ImplicitPort : dovecot.Port, Auth = auth });
            var unseen = (await folder.UnseenAsync(10, default)).Single();
            var fetched = await folder.FetchAsync(unseen.Id, 4096, default);
            Assert.That((unseen.Size, fetched!.IsWhole), Is.EqualTo((letter.Length, true)));
            Assert.That(fetched.Bytes, Is.EqualTo(letter));
        }
    }

    [Test]
    public async Task A_letter_that_is_too_large_is_read_as_far_as_allowed()
    {
        byte[] letter = [.. "Subject: Stort\r\n\r\n"u8, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789\r\n", 100_000)))];
        await dovecot.DeliverAsync(letter);
        await using var folder = await OpenAsync();
        var id = (await folder.UnseenAsync(1, default)).Single().Id;

        var (part, exact, whole) =
            (await folder.FetchAsync(id, 5000, default), await folder.FetchAsync(id, letter.Length - 1, default),
                await folder.FetchAsync(id, letter.Length, default));
        Assert.That((part!.IsWhole, exact!.IsWhole, whole!.IsWhole), Is.EqualTo((false, false, true)));
        Assert.That(part.Bytes, Is.EqualTo(letter[..5000]));
        Assert.That(whole.Bytes, Is.EqualTo(letter));
    }

    [Test]
    public async Task Letters_are_listed_oldest_first_then_seen_moved_and_deleted_one_by_one()
    {
        for (var number = 1; number <= 4; number++) await dovecot.DeliverAsync(Encoding.ASCII.GetBytes($"Subject: {number}\r\n\r\n{number}\r\n"));
        LetterId[] ids;
        await using (var folder = await OpenAsync())
        {
            ids = [.. (await folder.UnseenAsync(3, default)).Select(letter => letter.Id)];
            Assert.That(ids.Select(id => id.Uid), Is.EqualTo(Enumerable.Range((int)ids[0].Uid, 3)));
            Assert.That(await folder.MarkSeenAsync(ids[0], default), Is.True);
            Assert.That(await folder.DeleteAsync(ids[1], default), Is.True);
            var lost = Assert.ThrowsAsync<RelayException>(() => folder.MoveAsync(ids[2], "Finns inte", default))!;
            Assert.That((lost.Kind, lost.Message), Is.EqualTo((RelayFailure.Protocol, $"127.0.0.1:{dovecot.ImplicitPort} has no folder Finns inte")));
        }

        await using var again = await OpenAsync();
        Assert.That((await again.UnseenAsync(10, default)).Select(letter => letter.Id.Uid), Is.EqualTo(new[] { ids[2].Uid, ids[2].Uid + 1 }),
            "the seen and the deleted are not listed, the unmoved is");
        Assert.That(await again.FetchAsync(ids[0], 100, default), Is.Not.Null, "seen is not gone");
        Assert.That(await again.FetchAsync(ids[1], 100, default), Is.Null);
        Assert.That(await again.DeleteAsync(ids[1], default), Is.False, "deleted already");
    }

    [Test]
    public async Task What_somebody_else_has_marked_as_deleted_stays_when_a_letter_is_deleted()
    {
        await dovecot.DeliverAsync("Subject: Någon annans\r\n\r\n1\r\n"u8.ToArray(), isDeleted: true);
        await dovecot.DeliverAsync("Subject: Vår\r\n\r\n2\r\n"u8.ToArray());
        await using var folder = await OpenAsync();
        var ours = (await folder.UnseenAsync(10, default)).Single().Id;
        var theirs = ours with { Uid = 3 - ours.Uid };

        Assert.That(await folder.DeleteAsync(ours, default), Is.True);
        Assert.That(await folder.FetchAsync(ours, 100, default), Is.Null);
        Assert.That((await folder.FetchAsync(theirs, 100, default))?.Bytes, Is.EqualTo("Subject: Någon annans\r\n\r\n1\r\n"u8.ToArray()));
    }

    [Test]
    public async Task A_letter_is_moved_to_a_folder_and_read_there()
    {
        await dovecot.DeliverAsync("Subject: Flytt\r\n\r\nhej\r\n"u8.ToArray());
        dovecot.MakeFolder("Klart");
        await using (var folder = await OpenAsync())
        {
            var id = (await folder.UnseenAsync(1, default)).Single().Id;
            Assert.That(await folder.MoveAsync(id, "Klart", default), Is.True);
            Assert.That(await folder.UnseenAsync(1, default), Is.Empty);
            Assert.That(await folder.MoveAsync(id, "Klart", default), Is.False, "moved already");
        }

        await using var target = await OpenAsync(Endpoint() with { Folder = "Klart" });
        Assert.That((await target.FetchAsync((await target.UnseenAsync(1, default)).Single().Id, 100, default))!.Bytes,
            Is.EqualTo("Subject: Flytt\r\n\r\nhej\r\n"u8.ToArray()));
    }

    [Test]
    public async Task A_number_of_another_numbering_touches_nobody_elses_letter()
    {
        await dovecot.DeliverAsync("Subject: Den gamla\r\n\r\n1\r\n"u8.ToArray());
        LetterId old;
        await using (var folder = await OpenAsync()) old = (await folder.UnseenAsync(1, default)).Single().Id;
        dovecot.Renumber();
        // Dovecot takes the second as the new numbering's name.
        await Until.TrueAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() > old.Validity));
        await dovecot.DeliverAsync("Subject: En annan\r\n\r\n2\r\n"u8.ToArray());

        await using var anew = await OpenAsync();
        var other = (await anew.UnseenAsync(1, default)).Single().Id;
        Assert.That((other.Uid, other.Validity), Is.EqualTo((old.Uid, anew.Validity)).And.Not.EqualTo((old.Uid, old.Validity)),
            "the same number, another numbering");
        Assert.That(await anew.FetchAsync(old, 100, default), Is.Null);
        Assert.That((await anew.MarkSeenAsync(old, default), await anew.MoveAsync(old, "INBOX", default), await anew.DeleteAsync(old, default)),
            Is.EqualTo((false, false, false)));
        Assert.That((await anew.UnseenAsync(1, default)).Single().Id, Is.EqualTo(other));
    }

    [Test]
    public void A_wrong_password_a_wrong_name_and_a_strange_authority_are_told_apart_and_no_secret_is_told()
    {
        var refused = Fails(Endpoint() with { Password = "fel ord" });
        Assert.That((refused.Kind, refused.Message),
            Is.EqualTo((RelayFailure.Authentication,
                $"127.0.0.1:{dovecot.ImplicitPort} refuses the name or the password: [AUTHENTICATIONFAILED] Authentication failed.")));

        foreach (var (tls, port) in new[] { (TlsMode.Implicit, dovecot.ImplicitPort), (TlsMode.StartTls, dovecot.Port) })
        {
            var wrong = Fails(Endpoint() with { Host = DovecotServer.WrongName, Tls = tls, Port = port });
            Assert.That((wrong.Kind, wrong.Message),
                Is.EqualTo((RelayFailure.Tls, $"No encrypted connection to 127.0.0.2:{port}: its certificate is for localhost, not 127.0.0.2")));
        }

        Assert.That(Fails(Endpoint() with { TrustedRoots = null }).Message,
            Does.EndWith("its certificate comes from an authority that is not trusted here"));
        Assert.That(Fails(Endpoint() with { Folder = "Finns inte" }).Message, Does.EndWith("has no folder Finns inte"));
        Assert.That($"{Endpoint()} {refused}", Does.Not.Contain("fel ord").And.Not.Contain(MailServer.Password));
    }

    [Test]
    public void A_server_that_cannot_look_the_password_up_is_busy_and_does_not_refuse_it()
    {
        using var shortOfHelp = new ImapScript(
            "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hej\r\n", name =>
                name == "AUTHENTICATE" ? "TAG NO [UNAVAILABLE] Temporary authentication failure.\r\n" : null);

        Assert.That(Fails(Scripted(shortOfHelp.Port)).Kind, Is.EqualTo(RelayFailure.Busy));
    }

    [Test]
    public void Without_encryption_no_password_is_shown_unless_it_stays_on_this_machine()
    {
        var failure = Fails(Endpoint() with { Tls = TlsMode.None, Port = dovecot.Port, Auth = AuthMechanism.Plain });
        Assert.That((failure.Kind, failure.Message),
            Is.EqualTo((RelayFailure.Authentication,
                $"127.0.0.1:{dovecot.Port} wants the password in the clear (PLAIN) and the connection is not encrypted: nothing was sent")));
        Assert.DoesNotThrowAsync(async () =>
            await (await OpenAsync(Endpoint() with { Tls = TlsMode.None, Port = dovecot.Port, AllowPlaintextAuth = true })).DisposeAsync());
    }

    [Test]
    public async Task A_server_that_is_gone_in_the_middle_is_a_lost_connection_and_the_letter_is_still_there()
    {
        await dovecot.DeliverAsync("Subject: Kvar\r\n\r\nhej\r\n"u8.ToArray());
        using var proxy = new LossyProxy(dovecot.ImplicitPort);
        await using (var folder = await OpenAsync(Endpoint() with { Port = proxy.Port }))
        {
            var id = (await folder.UnseenAsync(1, default)).Single().Id;
            proxy.Arm();
            var lost = Assert.ThrowsAsync<RelayException>(() => folder.FetchAsync(id, 100, default))!;
            Assert.That((lost.Kind, lost.Stage), Is.EqualTo((RelayFailure.ConnectionLost, "FETCH")));
            Assert.That(Assert.ThrowsAsync<RelayException>(() => folder.UnseenAsync(1, default))!.Kind, Is.EqualTo(RelayFailure.ConnectionLost),
                "and stays so");
        }

        await using var again = await OpenAsync();
        Assert.That(await again.UnseenAsync(1, default), Has.Count.EqualTo(1));
    }

    [Test]
    public void Nobody_there_silence_and_a_farewell_are_told_apart()
    {
        using var silent = new ImapScript("", _ => null);
        using var leaving = new ImapScript("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hej\r\n", _ => "* BYE Stänger för natten\r\nTAG OK\r\n");
        using var stripped = new ImapScript("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hej\r\n", _ => null);
        using var babbling = new ImapScript("220 hej\r\n", _ => null);

        Assert.That(Fails(Scripted(MailServer.FreePort())).Kind, Is.EqualTo(RelayFailure.Unreachable));
        Assert.That(Fails(Scripted(silent.Port) with { ReplyTimeout = TimeSpan.FromMilliseconds(200) }).Kind, Is.EqualTo(RelayFailure.Timeout));
        Assert.That(Fails(Scripted(leaving.Port)).Kind, Is.EqualTo(RelayFailure.ServiceClosing));
        Assert.That(Fails(Scripted(stripped.Port) with { Tls = TlsMode.StartTls }).Message,
            Does.EndWith("does not offer STARTTLS, which is required"));
        Assert.That(Fails(Scripted(babbling.Port)).Kind, Is.EqualTo(RelayFailure.Protocol));
    }

    [Test]
    public async Task Cancelling_ends_a_wait_for_a_silent_server()
    {
        using var silent = new ImapScript("", _ => null);
        using var cancelling = new CancellationTokenSource();
        var opening = new ImapMailbox().OpenAsync(Scripted(silent.Port), cancelling.Token);
        await cancelling.CancelAsync();

        Assert.That(async () => await opening, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_server_that_sends_more_than_was_asked_for_is_hung_up_on()
    {
        using var flooding = new ImapScript("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hej\r\n", name => name switch
        {
            "LIST" => "* LIST () \"/\" INBOX\r\nTAG OK\r\n",
            "SELECT" => "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] ok\r\n",
            "FETCH" => $"* 1 FETCH (UID 1 BODY[]<0> {{900000000}}\r\n{new string('x', 100_000)}",
            _ => null,
        });
        await using var folder = await OpenAsync(Scripted(flooding.Port));

        var failure = Assert.ThrowsAsync<RelayException>(() => folder.FetchAsync(new(7, 1), 5000, default))!;
        Assert.That((failure.Kind, failure.Stage), Is.EqualTo((RelayFailure.Protocol, "FETCH")));
        Assert.That(failure.Message, Does.Contain("900000000"));
    }

    private MailboxEndpoint Endpoint() => new()
    {
        Host = "127.0.0.1",
        Port = dovecot.ImplicitPort,
        Username = MailServer.Username,
        Password = MailServer.Password,
        TrustedRoots = certificates.Roots,
        ReplyTimeout = TimeSpan.FromSeconds(30),
    };

    private MailboxEndpoint Scripted(int port) => Endpoint() with { Port = port, Tls = TlsMode.None, AllowPlaintextAuth = true };

    private Task<IMailFolder> OpenAsync(MailboxEndpoint? mailbox = null) => new ImapMailbox().OpenAsync(mailbox ?? Endpoint(), default);

    private RelayException Fails(MailboxEndpoint mailbox) =>
        Assert.ThrowsAsync<RelayException>(async () => await (await OpenAsync(mailbox)).DisposeAsync())!;
}
