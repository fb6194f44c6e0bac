using System.Diagnostics;
using System.Security.Cryptography;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>What one run of the whole pipeline cost.</summary>
/// <param name="Rate">Letters per second, from the issue's start to the last acceptance.</param>
/// <param name="WorkerCpuMs">Worker's CPU milliseconds per letter.</param>
/// <param name="PostgresCpuMs">PostgreSQL's CPU milliseconds per letter.</param>
/// <param name="WalBytes">Write-ahead log per letter, planning left out.</param>
/// <param name="LettersPerCommit">How many letters share one commit, on average.</param>
internal sealed record PipelineResult(double Rate, double WorkerCpuMs, double PostgresCpuMs, double WalBytes, double WorkerMegabytes,
    int LetterBytes, double HotShare, double LettersPerCommit);

/// <summary>
/// The whole pipeline into a sink: PostgreSQL with its default durability, every intent and outcome committed, personal splicing.
/// The worker is a process of its own, warmed up by a small issue before the measured one.
/// </summary>
internal static class PipelineRun
{
    /// <param name="recipients">Letters measured.</param>
    /// <param name="warmUp">Letters sent before, until the worker's code is compiled for speed.</param>
    /// <param name="roundTrip">How far away the sink is; null = on loopback.</param>
    /// <param name="watchers">Pages that follow the issue meanwhile.</param>
    public static async Task<PipelineResult> RunAsync(int recipients, int connections, SmtpClientKind client, bool sign, int warmUp,
        TimeSpan? roundTrip = null, int watchers = 0)
    {
        using var server = new TestPostgres(durable: true);
        await using var database = await TestDatabase.CreateOnAsync(server);
        using var sink = await SmtpSink.StartAsync();
        using var far = roundTrip is { } distance ? new DelayProxy(sink.Port, distance) : null;
        await using var desk = await TestHost.StartAsync(database, ("Roles", "web"), StaffSite.SampleLoginAllowed);
        await using var worker = WorkerProcess.Start(database, [.. Settings(far?.Port ?? sink.Port, connections, client), .. Dkim(sign)]);

        await database.SubscribersAsync(warmUp);
        await SendAsync(database, desk, "2026-10");
        await database.ExecuteAsync("UPDATE subscriber SET status = 'unsubscribed'");
        await database.SubscribersAsync(recipients, prefix: "q");
        await database.ExecuteAsync("VACUUM ANALYZE");
        await database.ExecuteAsync("CHECKPOINT");
        return await MeasureAsync(database, desk, worker, server, recipients, watchers);
    }

    private static async Task<PipelineResult> MeasureAsync(TestDatabase database, TestHost desk, WorkerProcess worker, TestPostgres server,
        int recipients, int watchers)
    {
        var issue = await WriteIssueAsync(database, "2026-11");
        // Planned as paused, so that planning is not part of the measured span.
        await database.ExecuteAsync($"UPDATE issue SET state = 'queued', scheduled_at = now() WHERE id = {issue}");
        await desk.PlanAsync();
        await desk.Get<IssueCommands>().PauseAsync(issue, Given.Editor, default);
        await database.UntilAsync(issue, r => r.Sending == 0);
        var done = (await database.ReceiptAsync(issue)).Accepted;
        await using var watching = await Watchers.OpenAsync(desk, issue, watchers);
        var (workerCpu, postgresCpu, wal, commits) =
            (ProcessCpu.Of(worker.Id), ProcessCpu.OfFamily(server.Pid), await WalAsync(database), await CommitsAsync(database));

        var began = Stopwatch.GetTimestamp();
        await desk.Get<IssueCommands>().ResumeAsync(issue, Given.Editor, default);
        await UntilSentAsync(database, issue);
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;

        var letters = recipients - done;
        var result = new PipelineResult(
            letters / elapsed, (ProcessCpu.Of(worker.Id) - workerCpu) / letters, (ProcessCpu.OfFamily(server.Pid) - postgresCpu) / letters,
            (await WalAsync(database) - wal) / letters, ProcessCpu.ResidentMegabytes(worker.Id),
            await database.ScalarAsync<int>($"SELECT max(length(template)) FROM frozen_letter WHERE issue_id = {issue}"),
            await database.ScalarAsync<double>(
                "SELECT n_tup_hot_upd::float8 / greatest(n_tup_upd, 1) FROM pg_stat_user_tables WHERE relname = 'delivery'"),
            letters / (await CommitsAsync(database) - commits));
        var receipt = await database.ReceiptAsync(issue);
        return receipt.Accepted == recipients ? result : throw new InvalidOperationException($"Not everybody was sent to: {receipt}");
    }

    private static async Task SendAsync(TestDatabase database, TestHost desk, string slug)
    {
        var issue = await WriteIssueAsync(database, slug);
        await database.ExecuteAsync($"UPDATE issue SET state = 'queued', scheduled_at = now() WHERE id = {issue}");
        await desk.PlanAsync();
        await UntilSentAsync(database, issue);
    }

    // One cheap look at the issue's row: counting deliveries while they are sent would be part of what is measured.
    private static async Task UntilSentAsync(TestDatabase database, int issue)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await database.StateAsync(issue) != IssueState.Sent) await look.WaitForNextTickAsync();
    }

    /// <summary>Transactions that wrote something: looking costs no transaction number.</summary>
    private static async Task<double> CommitsAsync(TestDatabase database) =>
        await database.ScalarAsync<double>("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float8");

    private static async Task<double> WalAsync(TestDatabase database) =>
        await database.ScalarAsync<double>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8");

    private static (string, string)[] Settings(int port, int connections, SmtpClientKind client) =>
    [
        ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{port}"), ("Smtp:Tls", "None"), ("Smtp:Client", $"{client}"),
        ("Smtp:MaxConnections", $"{connections}"), ("Smtp:MaxMessagesPerConnection", "1000000"),
    ];

    private static (string, string)[] Dkim(bool sign)
    {
        if (!sign) return [];
        var file = Path.Combine(Path.GetTempPath(), $"smakom-bench-{Environment.ProcessId}.pem");
        using var rsa = RSA.Create(2048);
        File.WriteAllText(file, rsa.ExportPkcs8PrivateKeyPem());
        return [("Dkim:PrivateKeyFile", file), ("Dkim:Selector", "bench")];
    }

    /// <summary>A draft whose letters are about 36 kB.</summary>
    private static async Task<int> WriteIssueAsync(TestDatabase database, string slug)
    {
        const string paragraph =
            "Vi samlades tjugo kommuner för att tala om skolskjutsar, bredband och hur en liten förvaltning klarar en stor uppgift. ";
        var articles = Enumerable.Range(1, 12)
            .Select(n => new Article { Heading = $"Rapport nummer {n}", Body = string.Concat(Enumerable.Repeat(paragraph, 6)) });
        var content = new IssueContent
        {
            Year = 2026,
            Month = 11,
            Subject = "Nyheter från småkommunerna",
            Preheader = "Höstmötet och bredbandet.",
            Sections = [new Section { Heading = "Hänt sedan sist", Blocks = [.. articles] }],
        };
        return await database.ScalarAsync<int>(
            """
            INSERT INTO issue (slug, year, month, subject, content, created_at, updated_at)
            VALUES ($1, 2026, 11, $2, $3::jsonb, now(), now())
            RETURNING id
            """, new() { Value = slug }, new() { Value = content.Subject }, new() { Value = IssueContentJson.Serialize(content) });
    }
}
