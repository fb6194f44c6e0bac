using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Relays;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Relays;

/// <summary>A kept password goes to the server and for the user that it was given for, and to no other that somebody types.</summary>
public sealed class RelayPasswordTests
{
    private TestDatabase database = null!;
    private TestHost host = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        host = await TestHost.StartAsync(database, ("Roles", "web"));
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [SetUp]
    public Task GiveAsync() => database.ExecuteAsync(
        """
        TRUNCATE relay CASCADE;
        INSERT INTO relay (id, name, host, port, tls, username, password_protected)
        OVERRIDING SYSTEM VALUE VALUES (7, 'reserv', 'a.example', 587, 'start_tls', 'smakom', 'kept')
        """);

    public static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("host", relay => relay.Host = "b.example", dropped: true);
        yield return Case("port", relay => relay.Port = 25, dropped: true);
        yield return Case("TLS", relay => relay.Tls = TlsMode.None, dropped: true);
        yield return Case("user", relay => relay.Username = "annan", dropped: true);
        yield return Case("weight", relay => relay.Weight = 3, dropped: false);
        yield return Case("host and password", relay => (relay.Host, relay.PasswordProtected) = ("b.example", "new"), dropped: false);
    }

    [TestCaseSource(nameof(Changes))]
    public async Task A_password_is_dropped_when_it_would_go_elsewhere(Action<Relay> change, bool dropped)
    {
        var changed = await host.Get<RelayCommands>().ChangeAsync(7, change, Given.Editor, default);

        Assert.That(changed!.PasswordDropped, Is.EqualTo(dropped));
        Assert.That(await database.ScalarAsync<bool>("SELECT password_protected IS NULL FROM relay"), Is.EqualTo(dropped));
    }

    [Test]
    public async Task The_log_says_where_it_went_before_and_goes_now()
    {
        await host.Get<RelayCommands>().ChangeAsync(7, relay => (relay.Host, relay.Tls) = ("b.example", TlsMode.Implicit), Given.Editor, default);

        Assert.That((await host.Get<AuditLog>().LastAsync("relay.change", 1, default)).Single().Target,
            Is.EqualTo("reserv: smakom@a.example:587 StartTls → smakom@b.example:587 Implicit"));
    }

    private static TestCaseData Case(string name, Action<Relay> change, bool dropped) => new TestCaseData(change, dropped).SetArgDisplayNames(name);
}
