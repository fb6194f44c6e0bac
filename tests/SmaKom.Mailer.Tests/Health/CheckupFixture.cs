using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;
using SmaKom.Mailer.Hosting;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Health;

/// <summary>A database and a relay for each test, settings that are fit for earnest use, and an issue that is queued: nothing is wrong.</summary>
public abstract class CheckupFixture
{
    protected static readonly (string, string)[] Earnest =
    [
        ("Site:PublicUrl", "https://nyhetsbrev.smakom.test"), ("Sender:Address", "nyhetsbrev@smakom.test"), ("Dkim:Selector", "s1"),
        ("Dkim:PrivateKeyFile", WriteKey()),
        ("Keys:CertificateFile", CertificateFile.Write()),
    ];

    protected TestDatabase Database { get; private set; } = null!;

    protected FakeRelay Relay { get; private set; } = null!;

    /// <summary>The issue that is queued.</summary>
    protected int Next { get; private set; }

    [SetUp]
    public async Task BeginAsync()
    {
        (Database, Relay) = (await TestDatabase.CreateAsync(), new());
        // So that no test depends on how soon the month ends.
        Next = await Database.IssueAsync("2099-01", queued: true);
        await Database.ExecuteAsync($"UPDATE issue SET scheduled_at = now() + interval '1 hour' WHERE id = {Next}");
    }

    [TearDown]
    public async Task EndAsync()
    {
        await Database.DisposeAsync();
        await Relay.DisposeAsync();
    }

    protected Task<TestHost> StartAsync(params (string, string)[] settings) =>
        TestHost.StartAsync(Database, [.. Given.Relay(Relay), .. Earnest, .. settings]);

    /// <summary>Pages only, beside a worker that a row says is alive.</summary>
    protected async Task<TestHost> StartCommandsAsync(string workerSince = "1 day")
    {
        var desk = await StartAsync(("Roles", "web"));
        await Database.ExecuteAsync(
            $"INSERT INTO worker (id, name, started_at, heartbeat_at) VALUES (gen_random_uuid(), 'a', now() - interval '{workerSince}', now() + interval '1 minute')");
        return desk;
    }

    protected static async Task<IEnumerable<FindingKind>> KindsAsync(TestHost host) =>
        (await host.Get<Checkup>().LookAsync(default)).Select(finding => finding.Kind);

    /// <summary>What the settings alone give away: no database is asked.</summary>
    protected static async Task<IEnumerable<FindingKind>> KindsOfSettingsAsync(string login, params (string, string)[] settings)
    {
        await using var app =
            MailerHost.Build([], builder => TestHost.Configure(builder, $"Host=localhost;Database=x;{login}", [.. Earnest, .. settings]));
        return (await app.Services.GetServices<ICheck>().OfType<SettingChecks>().Single().LookAsync(default)).Select(finding => finding.Kind);
    }

    private static string WriteKey()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("smakom-key-").FullName, "dkim.pem");
        File.WriteAllText(file, Mail.Dkim.SampleKey.Pem);
        return file;
    }
}
