using SmaKom.Mailer.Cli;
using SmaKom.Mailer.Tests.Support;
using SmaKom.Mailer.Tests.Support.MailServers;

namespace SmaKom.Mailer.Tests.Cli;

public sealed class MailboxOnDovecotTests
{
    [Test]
    public async Task A_mailbox_is_tested_listed_saved_from_and_ticked_off()
    {
        using var certificates = new FakeRelayCertificates(TimeProvider.System.GetUtcNow());
        await using var dovecot = new DovecotServer();
        await dovecot.StartAsync(certificates);
        await using var database = await TestDatabase.CreateAsync();
        using var files = new TemporaryFolder();
        var roots = files.Write("roots.pem", certificates.Authority.ExportCertificatePem());
        for (var number = 0; number < 2; number++) await dovecot.DeliverAsync([.. "Subject: Studs\r\n\r\n"u8, 0xE5, .. "\r\n"u8]);

        var tested = await RunAsync("test");
        Assert.That((tested.ExitCode, tested.Output),
            Is.EqualTo((ExitCode.Done,
                $"Brevlådan fungerar: utskick, 127.0.0.1:{dovecot.ImplicitPort}, INBOX. Olästa brev: 2. Inget har ändrats.\n")), tested.Errors);
        var letters = (await RunAsync("list", "--json")).Json.EnumerateArray().Select(letter => letter.GetProperty("id").GetString()!).ToArray();
        Assert.That(letters, Has.Length.EqualTo(2));

        var saved = await RunAsync("save", letters[0], files.In("studs.eml"));
        Assert.That((saved.ExitCode, saved.Output), Is.EqualTo((ExitCode.Done, $"Brevet {letters[0]} är sparat: 21 byte.\n")));
        Assert.That(await File.ReadAllBytesAsync(files.In("studs.eml")), Is.EqualTo((byte[])[.. "Subject: Studs\r\n\r\n"u8, 0xE5, .. "\r\n"u8]));

        Assert.That((await RunAsync("done", letters[0], "--move", "X", "--delete")).ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That((await RunAsync("done", "17")).ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That((await RunAsync("done", letters[0])).Output, Is.EqualTo($"Brevet {letters[0]} är markerat som läst.\n"));
        Assert.That((await RunAsync("done", letters[1], "--delete")).Output, Is.EqualTo($"Brevet {letters[1]} är raderat.\n"));
        Assert.That((await RunAsync("done", letters[1])).ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That((await RunAsync("list")).Output, Is.EqualTo("Det finns inga olästa brev.\n"));

        var refused = await RunAsync(("SMAKOM__Mailbox__Password", "fel ord"), "test");
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Refused));
        Assert.That(refused.Errors, Does.StartWith("Brevlådan kan inte användas: ").And.Not.Contain("fel ord"));

        Task<Smakom> RunAsync(params object[] said)
        {
            var changed = said.OfType<(string, string)>().ToArray();
            return Smakom.RunAsync(database.ConnectionString,
            [
                ("SMAKOM__Mailbox__Host", "127.0.0.1"), ("SMAKOM__Mailbox__Port", $"{dovecot.ImplicitPort}"),
                ("SMAKOM__Mailbox__Username", MailServer.Username),
                ("SMAKOM__Mailbox__Password", MailServer.Password), ("SMAKOM__Mailbox__TrustedRootsFile", roots), .. changed,
            ], ["mailbox", .. said.OfType<string>()]);
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("smakom-mailbox-").FullName;

        public string In(string name) => Path.Combine(path, name);

        public string Write(string name, string text)
        {
            File.WriteAllText(In(name), text);
            return In(name);
        }

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
