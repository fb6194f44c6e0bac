using System.Diagnostics;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

[NonParallelizable] // one test measures the memory of the whole process
public sealed class SubscriberImportTests
{
    private static readonly ImportOrder Members = new(LegalBasis.Member, "Medlemsregistret 2026-11", Actor.CommandLine);

    private TestDatabase database = null!;
    private LinkKeys keys = null!;
    private SubscriberImport import = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        database = await TestDatabase.CreateAsync();
        keys = new LinkKeys(database.Source, TimeProvider.System, KeyCertificates.None);
        await keys.LoadAsync(default);
        import = new SubscriberImport(database.Source, keys, new DatabaseClock(TimeProvider.System));
    }

    [TearDown]
    public async Task CloseAsync() => await database.DisposeAsync();

    [Test]
    public async Task Every_row_has_a_fate_and_the_fates_add_up()
    {
        await GivenAsync("kvar@alvhed.example", "active", name: "Kvar");
        await GivenAsync("byter@alvhed.example", "active", name: "Gammalt Namn");
        await GivenAsync("gick@alvhed.example", "unsubscribed");
        await GivenAsync("studs@alvhed.example", "bounced");
        await SuppressAsync("raderad@alvhed.example");

        var fates = new List<ImportedRow>();
        var tally = await import.RunAsync(Rows("kvar", "byter", "gick", "studs", "raderad", "ny", "NY", null), Members, dryRun: false, fates.Add,
            default);

        Assert.That(fates.Select(row => (row.Line, row.Fate)), Is.EqualTo(new[]
        {
            (2, ImportOutcome.Updated),
            (3, ImportOutcome.Updated),
            (4, ImportOutcome.Left),
            (5, ImportOutcome.Suppressed),
            (6, ImportOutcome.Suppressed),
            (7, ImportOutcome.New),
            (8, ImportOutcome.Repeated),
            (9, ImportOutcome.Malformed),
        }));
        Assert.That(tally.Rows, Is.EqualTo(8));
        Assert.That(await StatusAsync("gick@alvhed.example"), Is.EqualTo("unsubscribed"));
        Assert.That(await StatusAsync("studs@alvhed.example"), Is.EqualTo("bounced"));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber WHERE email_key = 'raderad@alvhed.example'"), Is.Zero);
        Assert.That(await database.ScalarAsync<string>("SELECT name FROM subscriber WHERE email_key = 'byter@alvhed.example'"), Is.EqualTo("byter"));
    }

    [Test]
    public async Task A_second_import_of_the_same_file_changes_nothing()
    {
        await import.RunAsync(Rows("a", "b"), Members, dryRun: false, null, default);
        var tally = await import.RunAsync(Rows("a", "b"), Members, dryRun: false, null, default);

        Assert.That(tally[ImportOutcome.Unchanged], Is.EqualTo(2));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber_event"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_dry_run_says_the_same_and_changes_nothing()
    {
        var tally = await import.RunAsync(Rows("a", "b", null), Members, dryRun: true, null, default);

        Assert.That((tally[ImportOutcome.New], tally[ImportOutcome.Malformed]), Is.EqualTo((2, 1)));
        Assert.That(await database.ScalarAsync<long>("SELECT count(*) FROM subscriber"), Is.Zero);
    }

    [Test]
    public async Task The_source_is_kept_as_proof_and_no_address_is()
    {
        await import.RunAsync(Rows("a"), Members, dryRun: false, null, default);

        Assert.That(await database.ScalarAsync<string>("SELECT kind FROM subscriber_event"), Is.EqualTo("imported"));
        var detail = await database.ScalarAsync<string>("SELECT detail::text FROM subscriber_event");
        Assert.That(detail, Does.Contain("Medlemsregistret 2026-11").And.Contain("Member").And.Not.Contain("@"));
    }

    [Test]
    public async Task Whoever_waits_for_confirmation_is_a_member_after_the_import()
    {
        await GivenAsync("väntar@alvhed.example", "pending", basis: "consent");
        await import.RunAsync(Rows("väntar"), Members, dryRun: false, null, default);

        Assert.That(await StatusAsync("väntar@alvhed.example"), Is.EqualTo("active"));
        Assert.That(await database.ScalarAsync<string>("SELECT legal_basis::text FROM subscriber"), Is.EqualTo("member"));
    }

    [Test]
    public async Task Consent_stays_consent()
    {
        await GivenAsync("ja@alvhed.example", "active", basis: "consent");
        await import.RunAsync(Rows("ja"), Members, dryRun: false, null, default);
        Assert.That(await database.ScalarAsync<string>("SELECT legal_basis::text FROM subscriber"), Is.EqualTo("consent"));
    }

    [Test]
    public async Task A_hundred_thousand_rows_take_seconds_and_little_memory()
    {
        var file = new MemoryStream();
        await using (var text = new StreamWriter(file, leaveOpen: true))
        {
            await text.WriteLineAsync("E-post;Namn;Kommun");
            for (var i = 0; i < 100_000; i++) await text.WriteLineAsync($"person.{i}@kommun{i % 25}.example;Person Nummer {i};Kommun {i % 25}");
        }

        file.Position = 0;
        var allocatedAtMost = 0L;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var tally = await import.RunAsync(
            Watched((await ImportFile.OpenAsync(file, default)).ReadAsync(default),
            () => allocatedAtMost = Math.Max(allocatedAtMost, GC.GetTotalMemory(forceFullCollection: true) - before)), Members, dryRun: false, null,
            default);

        Assert.That(tally[ImportOutcome.New], Is.EqualTo(100_000));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
        Assert.That(allocatedAtMost, Is.LessThan(10_000_000), "bytes held while reading");
        TestContext.Out.WriteLine($"100,000 rows in {watch.Elapsed.TotalSeconds:0.0} s, {allocatedAtMost / 1e6:0.0} MB held");
    }

    private static async IAsyncEnumerable<ImportRow> Watched(IAsyncEnumerable<ImportRow> rows, Action watch)
    {
        var count = 0;
        await foreach (var row in rows)
        {
            if (++count % 25_000 == 0) watch();
            yield return row;
        }
    }

    /// <summary>Rows from line 2 on, as a file with a header has them; null is a row without an address.</summary>
    private static IAsyncEnumerable<ImportRow> Rows(params string?[] locals) => locals.Select((local, i) => local is null
        ? new ImportRow(i + 2, null, null, null, null, "EmailAddress.Empty", "")
        : new ImportRow(i + 2, EmailAddress.Parse($"{local}@alvhed.example"), local, "Alvhed", null, null, "")).ToAsyncEnumerable();

    private Task<int> GivenAsync(string email, string status, string basis = "member", string? name = null) => database.ExecuteAsync(
        $"""
        INSERT INTO subscriber (email, email_key, domain, name, status, legal_basis, created_at)
        VALUES ('{email}', '{email}', 'alvhed.example', {(name is null ? "NULL" : $"'{name}'")}, '{status}', '{basis}', now());
        {Given.OnNewsletter}
        """);

    private async Task SuppressAsync(string key)
    {
        await using var command = database.Source.CreateCommand("INSERT INTO suppression VALUES (@hash, 'erased', now())");
        command.Parameters.AddWithValue("hash", keys.HashAddress(key));
        await command.ExecuteNonQueryAsync();
    }

    private Task<string> StatusAsync(string email) =>
        database.ScalarAsync<string>($"SELECT status::text FROM subscriber WHERE email_key = '{email}'");
}
