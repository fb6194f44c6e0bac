using Microsoft.AspNetCore.DataProtection;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Database;

/// <summary>Keys of links and logins, encrypted with a certificate: they stay the same keys, and nobody reads them without its file.</summary>
public sealed class KeyEncryptionTests
{
    private static readonly string First = CertificateFile.Write();
    private static readonly string Second = CertificateFile.Write();

    private TestDatabase database = null!;

    [SetUp]
    public async Task SetUp() => database = await TestDatabase.CreateAsync();

    [TearDown]
    public async Task TearDown() => await database.DisposeAsync();

    [Test]
    public async Task Plain_keys_are_encrypted_at_the_first_start_with_a_certificate_and_open_what_they_opened()
    {
        var (link, form) = await MakeAsync();
        var (secret, master) = await PlainAsync();
        Assert.That((secret, master), Is.Not.EqualTo(("", "")), "they lay there in plain text");

        await using var host = await StartAsync(("Keys:CertificateFile", First));

        AssertOpens(host, link, form);
        Assert.That(await PlainAsync(), Is.EqualTo(("", "")));
        await AssertNowhereAsync(secret, master);
        Assert.That((await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind), Has.None.EqualTo(FindingKind.KeysInPlainText));
    }

    [Test]
    public async Task Keys_of_a_new_database_are_encrypted_from_the_start()
    {
        var (link, form) = await MakeAsync(("Keys:CertificateFile", First));
        Assert.That(await PlainAsync(), Is.EqualTo(("", "")));

        await using var host = await StartAsync(("Keys:CertificateFile", First));
        AssertOpens(host, link, form);
    }

    [Test]
    public async Task Another_certificate_takes_over_from_the_old_one()
    {
        var (link, form) = await MakeAsync(("Keys:CertificateFile", First));
        await using (await StartAsync(("Keys:CertificateFile", Second), ("Keys:OldCertificateFile", First)))
        {
        }

        await using var host = await StartAsync(("Keys:CertificateFile", Second));
        AssertOpens(host, link, form);
    }

    [TestCase(null)]
    [TestCase("another")]
    [SetUICulture("sv")]
    public async Task Without_its_file_a_start_says_so_and_changes_nothing(string? other)
    {
        await MakeAsync(("Keys:CertificateFile", First));
        var before = await EverythingAsync();

        var stopped = Assert.ThrowsAsync<ConfigurationException>(async () =>
            await (await (other is null ? StartAsync() : StartAsync(("Keys:CertificateFile", Second)))).DisposeAsync())!;

        Assert.That(stopped.Message, Does.Contain("SMAKOM__Keys__CertificateFile").And.Contain("inget har ändrats")
            .And.Contain("inga länkar i brev"));
        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    // A ring that was made anew would log everybody out and lose the relays' passwords without a word.
    [Test]
    public async Task The_key_ring_alone_stops_a_start_too()
    {
        await MakeAsync(("Keys:CertificateFile", First));
        await database.ExecuteAsync("DELETE FROM link_key");

        Assert.ThrowsAsync<ConfigurationException>(async () => await (await StartAsync()).DisposeAsync());
    }

    [Test]
    public async Task Where_none_is_given_that_is_a_finding()
    {
        await using var host = await StartAsync();

        Assert.That((await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind), Has.Some.EqualTo(FindingKind.KeysInPlainText));
    }

    [TestCase("there-is-none.pem")]
    [TestCase("no certificate")]
    [TestCase("short key")]
    [SetUICulture("sv")]
    public async Task A_file_that_cannot_be_used_is_told_with_its_name(string kind)
    {
        var file = kind == "short key" ? CertificateFile.Write(1024)
            : Path.Combine(Directory.CreateTempSubdirectory("smakom-keys-").FullName, "keys.pem");
        if (kind == "no certificate") await File.WriteAllTextAsync(file, "hej");

        var stopped = Assert.ThrowsAsync<ConfigurationException>(async () =>
            await (await StartAsync(("Keys:CertificateFile", file))).DisposeAsync())!;
        Assert.That(stopped.Message, Does.Contain("Keys:CertificateFile").And.Contain(file));
    }

    [Test]
    public async Task The_owner_encrypts_where_the_service_may_not()
    {
        await using var roles = await RoledDatabase.CreateAsync();
        await roles.MigrateAsync();
        await using (await StartAsRuntimeAsync(roles))
        {
        }

        await roles.MigrateAsync(("SMAKOM__Keys__CertificateFile", First));
        Assert.That(await roles.Database.ScalarAsync<long>("SELECT count(*) FROM link_key WHERE certificate IS NULL"), Is.Zero);
        await using var host = await StartAsRuntimeAsync(roles, ("Keys:CertificateFile", First));
        Assert.That((await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind), Has.None.EqualTo(FindingKind.KeysInPlainText));
    }

    private static Task<TestHost> StartAsRuntimeAsync(RoledDatabase roles, params (string, string)[] settings) => TestHost.StartAsync(
        roles.Database,
        builder => builder.Configuration["ConnectionStrings:Mailer"] = roles.Runtime,
        [("Roles", "web"), ("Database:MigrateAtStart", "false"), .. settings]);

    private Task<TestHost> StartAsync(params (string, string)[] settings) => TestHost.StartAsync(database, [("Roles", "web"), .. settings]);

    /// <summary>A link of a letter and something of a form, of a service with these settings.</summary>
    private async Task<(string Link, string Form)> MakeAsync(params (string, string)[] settings)
    {
        await using var host = await StartAsync(settings);
        return (
            host.Get<LinkSigner>().Token(LinkPurpose.Unsubscribe, new(7, 1)),
            host.Get<IDataProtectionProvider>().CreateProtector("test").Protect("åäö"));
    }

    private static void AssertOpens(TestHost host, string link, string form)
    {
        Assert.That(host.Get<LinkSigner>().TryRead(LinkPurpose.Unsubscribe, link, out var subject));
        Assert.That(subject, Is.EqualTo(new LinkSubject(7, 1)));
        Assert.That(host.Get<LinkSigner>().Token(LinkPurpose.Unsubscribe, new(7, 1)), Is.EqualTo(link), "and signs as before");
        Assert.That(host.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(form), Is.EqualTo("åäö"));
    }

    /// <summary>What lies in plain text: the link key's secret in hex, the master key in base64.</summary>
    private async Task<(string Secret, string Master)> PlainAsync() => (
        await database.ScalarAsync<string>("SELECT COALESCE(string_agg(encode(secret, 'hex'), ' '), '') FROM link_key WHERE certificate IS NULL"),
        await database.ScalarAsync<string>(
            "SELECT COALESCE(string_agg(substring(xml FROM '<value>([^<]+)</value>'), ' '), '') FROM data_protection_key"));

    private async Task AssertNowhereAsync(string secret, string master)
    {
        var everything = await EverythingAsync();
        Assert.That(everything, Does.Not.Contain(secret).And.Not.Contain(master));
    }

    private Task<string> EverythingAsync() => database.ScalarAsync<string>(
        """
        SELECT concat((SELECT string_agg(encode(secret, 'hex'), ' ' ORDER BY id) FROM link_key),
                      (SELECT string_agg(xml, ' ' ORDER BY id) FROM data_protection_key))
        """);
}
