using System.Diagnostics;
using System.Globalization;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>How long one page took, in milliseconds, from the request to the last octet.</summary>
internal sealed record PageTimes(string Page, double Median, double Ninetyfifth, double Most, int Requests);

/// <param name="Alone">Before the issue.</param>
/// <param name="Beside">While the issue goes out.</param>
/// <param name="Rate">Letters a second meanwhile.</param>
/// <param name="ArchiveAlone">The public archive, before the issue; null: it was not asked.</param>
internal sealed record PagesResult(int Deliveries, int Recipients, int Cores, IReadOnlyList<PageTimes> Alone, IReadOnlyList<PageTimes> Beside,
    double Rate, IReadOnlyList<ArchiveTimes>? ArchiveAlone, IReadOnlyList<ArchiveTimes>? ArchiveBeside);

/// <summary>
/// Every page that an administrator can open, with years of letters in the tables, while an issue goes out at full speed on the same machine:
/// PostgreSQL with its default durability, a worker process, smtp-sink, and the web process, which is the benchmark itself.
/// </summary>
internal static class PagesRun
{
    private const int WarmUp = 3;

    /// <param name="deliveries">Rows in the table of letters before the issue.</param>
    /// <param name="recipients">Of the issue, and of each one before it.</param>
    /// <param name="rounds">Requests for each page, as far as the issue lasts.</param>
    /// <param name="archiveSeconds">How long the public archive is asked for pages, and for searches; 0: not at all.</param>
    public static async Task<PagesResult> RunAsync(int deliveries, int recipients, int rounds, int archiveSeconds)
    {
        using var server = new TestPostgres(durable: true);
        await using var database = await TestDatabase.CreateOnAsync(server);
        using var sink = await SmtpSink.StartAsync();
        await FillAsync(database, deliveries, recipients);
        if (archiveSeconds > 0) await ArchiveLoad.FillAsync(database);
        (string, string)[] relay = [("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{sink.Port}"), ("Smtp:Tls", "None")];
        await using var site = await TestHost.StartAsync(database, [("Roles", "web"), StaffSite.SampleLoginAllowed, .. relay]);
        await site.AddSampleLoginAsync();
        using var admin = await RawClient.LogInAsync(site);
        var going = await database.IssueAsync("2026-11");
        var old = await database.ScalarAsync<int>("SELECT id FROM issue WHERE state = 'sent' ORDER BY started_at DESC LIMIT 1");
        var pages = Pages(site, going, old);

        await MeasureAsync(admin, pages, WarmUp, () => Task.FromResult(false));
        var alone = await MeasureAsync(admin, pages, rounds, () => Task.FromResult(false));
        Print("alone", alone);
        var archiveAlone = archiveSeconds > 0 ? await ArchiveLoad.MeasureAsync(database, site, archiveSeconds) : null;
        if (archiveAlone is not null) ArchiveLoad.Print("alone", archiveAlone);

        await using var worker = WorkerProcess.Start(database, relay);
        await database.ExecuteAsync($"UPDATE issue SET state = 'queued', scheduled_at = now() WHERE id = {going}");
        await site.PlanAsync();
        await database.UntilAsync($"SELECT EXISTS (SELECT FROM delivery WHERE issue_id = {going} AND state = 'accepted')");
        var (before, began) = (await AcceptedAsync(database, going), Stopwatch.GetTimestamp());
        var archiveBeside = archiveSeconds > 0 ? await ArchiveLoad.MeasureAsync(database, site, archiveSeconds) : null;
        if (archiveBeside is not null)
            ArchiveLoad.Print(
                await database.StateAsync(going) == IssueState.Sent ? "beside an issue that ENDED MEANWHILE" : "beside the issue", archiveBeside);
        var beside = await MeasureAsync(admin, pages, rounds, async () => await database.StateAsync(going) == IssueState.Sent);
        var rate = (await AcceptedAsync(database, going) - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (beside.Count > 0) Print("beside the issue", beside);

        var result = new PagesResult(deliveries, recipients, Environment.ProcessorCount, alone, beside, rate, archiveAlone, archiveBeside);
        if (beside.Count == 0) Console.WriteLine("The issue ended before a page was asked for: give it more --recipients.");
        else Console.WriteLine(
            $"{deliveries:n0} deliveries, an issue to {recipients:n0} at {rate:0} letters/s, {result.Cores} cores: worst 95th percentile alone {alone.Max(page => page.Ninetyfifth):0} ms, beside {beside.Max(page => page.Ninetyfifth):0} ms");
        return result;
    }

    /// <summary>What is mapped, but for files and streams; pages of an issue for the one that goes out and for one of before.</summary>
    private static List<string> Pages(TestHost site, int going, int old)
    {
        var mapped = Endpoints.All(site).Where(endpoint => endpoint.Method == "GET" && !endpoint.Route.Contains('.')
            && !endpoint.Route.EndsWith("/lage", StringComparison.Ordinal) && !endpoint.Route.EndsWith("/narvaro", StringComparison.Ordinal)
            && endpoint.Route.Split('/')[1] is not ("bild" or "inkorg" or "bekrafta" or "health" or "_framework")).ToList();
        var ofIssues = mapped.Where(endpoint => endpoint.Route.Contains("/nummer/{", StringComparison.Ordinal)
            || endpoint.Route.Contains("/utskick/{", StringComparison.Ordinal)).ToList();
        return
        [
            .. mapped.Except(ofIssues).Select(endpoint => endpoint.LivePath(site)),
            .. ofIssues.SelectMany(endpoint =>
                new[] { going, old }.Select(issue => endpoint.Path(_ => issue.ToString(CultureInfo.InvariantCulture)))),
            $"/admin/utskick/{old}/brev?lage=refused", $"/admin/utskick/{old}/brev?doman=finns-inte.example",
            $"/admin/utskick/{old}/igen?lage=refused", $"/admin/utskick/{going}/brev?lage=waiting",
            "/admin/jobb/korningar?lage=failed",
            $"/redaktion/prenumeranter?sok={site.Get<Web.SealedSearch>().Seal("p99@")}",
            $"/redaktion/prenumeranter?sok={site.Get<Web.SealedSearch>().Seal("finns inte")}",
        ];
    }

    /// <summary>In turns, so that what pages keep for a moment is old when the same page is asked for again.</summary>
    private static async Task<IReadOnlyList<PageTimes>> MeasureAsync(RawClient admin, IReadOnlyList<string> pages, int rounds,
        Func<Task<bool>> isOver)
    {
        var took = pages.ToDictionary(page => page, _ => new List<double>());
        for (var round = 0; round < rounds && !await isOver(); round++)
        {
            foreach (var page in pages)
            {
                var began = Stopwatch.GetTimestamp();
                var (answer, _) = await admin.SendAsync("GET", page);
                took[page].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if ((int)answer.StatusCode is >= 400 and not 404) throw new InvalidOperationException($"{page} answered {(int)answer.StatusCode}.");
            }
        }

        return [.. took.Where(page => page.Value.Count > 0).Select(page => Times(page.Key, page.Value)).OrderByDescending(page => page.Ninetyfifth)];
    }

    private static PageTimes Times(string page, List<double> took)
    {
        var spread = Spread.Of(took);
        return new(UnicodeText.Shorten(page, 60), spread.Median, spread.Ninetyfifth, spread.Most, spread.Times);
    }

    private static void Print(string when, IReadOnlyList<PageTimes> pages)
    {
        Console.WriteLine($"{when}: p50, p95 and most in ms ({pages.Min(page => page.Requests)} requests each)");
        foreach (var page in pages) Console.WriteLine($"{page.Median,8:0.0} {page.Ninetyfifth,8:0.0} {page.Most,8:0.0}  {page.Page}");
    }

    private static Task<long> AcceptedAsync(TestDatabase database, int issue) =>
        database.ScalarAsync<long>($"SELECT count(*) FROM delivery WHERE issue_id = {issue} AND state = 'accepted'");

    /// <summary>
    /// Years of issues, each to everybody: most accepted, some refused, put off for good, left or unknown; and what jobs have left behind.
    /// </summary>
    private static async Task FillAsync(TestDatabase database, int deliveries, int recipients)
    {
        var began = Stopwatch.GetTimestamp();
        await database.SubscribersAsync(recipients);
        await database.ExecuteAsync(
            """
            UPDATE subscriber
            SET domain = 'kommun' || id % 290 || '.example', name = 'Ledamot ' || id,
                email = 'p' || id || '@kommun' || id % 290 || '.example', email_key = 'p' || id || '@kommun' || id % 290 || '.example';
            INSERT INTO subscriber_event (subscriber_id, at, kind, detail) SELECT id, now(), 'imported', '{"source": "medlemslistan"}' FROM subscriber
            """);
        for (var n = (deliveries + recipients - 1) / recipients; n > 0; n--)
        {
            // One a month, the last of them a week ago.
            var month = new DateOnly(2026, 10, 1).AddMonths(1 - n);
            var issue = await database.IssueAsync(month.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            await database.ExecuteAsync(
                $"""
                SET session_replication_role = replica;
                UPDATE issue
                SET state = 'sent', audience = {recipients}, started_at = now() - interval '{7 + (n - 1) * 30} days',
                    finished_at = now() - interval '{7 + (n - 1) * 30} days' + interval '1 hour'
                WHERE id = {issue};
                INSERT INTO delivery (
                    issue_id, subscriber_id, variant, state, attempts, relay_id, reply_code, first_attempt_at, last_attempt_at, finished_at, email, name, domain, reason, reply_enhanced, reply_text)
                SELECT {issue}, id, 0,
                       (CASE WHEN id % 100 = 1 THEN 'refused' WHEN id % 200 = 2 THEN 'excluded'
                             WHEN id % 5000 = 3 THEN 'unknown' ELSE 'accepted' END)::delivery_state,
                       1, 1, CASE WHEN id % 100 = 1 THEN 550 ELSE 250 END, i.started_at, i.started_at, i.finished_at, email, name, domain,
                       CASE WHEN id % 200 = 2 THEN 'unsubscribed' WHEN id % 5000 = 3 THEN 'left' END,
                       CASE WHEN id % 100 = 1 THEN '5.1.1' ELSE '2.0.0' END,
                       CASE WHEN id % 100 = 1 THEN '5.1.1 <' || email || '>: Recipient address rejected: User unknown'
                            ELSE '2.0.0 Ok: queued as 4Xk' || id || 'F' END
                FROM subscriber AS s, (SELECT started_at, finished_at FROM issue WHERE id = {issue}) AS i
                ORDER BY id;
                SET session_replication_role = origin
                """);
        }

        await database.ExecuteAsync(
            """
            INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state, cause)
            SELECT (ARRAY['PlanIssue', 'RescueStalled', 'ForgetRuns'])[1 + n % 3], 'recurring', gen_random_uuid(), 'ett',
                   now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '2 seconds',
                   (CASE WHEN n % 500 = 1 THEN 'failed' ELSE 'succeeded' END)::job_run_state,
                   CASE WHEN n % 500 = 1 THEN 'TimeoutException: number #' END
            FROM generate_series(20000, 1, -1) AS n;
            INSERT INTO job_hour (job, hour, succeeded) SELECT job, date_trunc('hour', started_at), count(*) FROM job_run GROUP BY 1, 2
            """);
        await database.ExecuteAsync("VACUUM ANALYZE");
        await database.ExecuteAsync("CHECKPOINT");
        var size = await database.ScalarAsync<string>("SELECT pg_size_pretty(pg_database_size(current_database()))");
        Console.WriteLine($"filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {size}");
    }
}
