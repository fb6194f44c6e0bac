using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Jobs;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Subscribers.Import;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>A whole scenario with everything logged, measured and traced that can be: no address, link or password is in any of it.</summary>
public sealed class NothingPersonalLeaksTests
{
    private const string RelayPassword = "hemligt-lösenord-4711";

    [Test]
    public async Task No_address_token_or_password_is_in_logs_metrics_traces_or_health()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var relay =
            new FakeRelay(new() { Username = "avsandare", Password = RelayPassword, AuthRequired = true, AuthMechanisms = "PLAIN" });
        await using var receiver = await OtlpReceiver.StartAsync();
        var log = new KeptLog();
        var secrets = new List<string> { RelayPassword, Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0avsandare\0{RelayPassword}")),
            "gransele.example" };
        string health;
        await using (var host = await TestHost.StartAsync(database, builder => Listen(builder, log),
            [.. Given.Relay(relay), ("Smtp:Username", "avsandare"), ("Smtp:Password", RelayPassword), ("Smtp:AllowPlaintextAuth", "true"),
                ("SignUp:MinimumTime", "00:00:00"),
                ("Telemetry:Endpoint", receiver.Url), ("Telemetry:Interval", "00:00:01"), ("Logging:LogLevel:Default", "Trace"),
                ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
                ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace"),
                ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Trace"), ("Logging:LogLevel:Quartz", "Trace")]))
        {
            using var reader = new PageReader(host.Url);
            await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
                ("Form.Name", "Åsa"), ("Form.Consent", "true"));
            await relay.WaitFor(1);
            var confirm = System.Text.RegularExpressions.Regex.Match(relay.Messages[0].Text.Replace("=\r\n", "", StringComparison.Ordinal),
                "/bekrafta/([A-Za-z0-9_-]+)").Groups[1].Value;
            secrets.Add(confirm);
            await reader.SubmitAsync(await reader.GetAsync($"/bekrafta/{confirm}"), "main form");

            foreach (var odd in new[] { "kim", "lo", "permfail", "greylist", "tempfail-data", "hangup-after-data", "closing" })
                await database.SubscriberAsync($"{odd}@gransele.example");
            var kim = await database.ScalarAsync<long>("SELECT id FROM subscriber WHERE email LIKE 'kim@%'");
            secrets.AddRange([host.UnsubscribePath(kim)[9..], host.DetailsPath(kim)[11..], host.LetterPath(kim, 1)[6..]]);
            await reader.LogInAsync("anna@gransele.example", "fel-losenord-99");
            secrets.Add("fel-losenord-99");

            var issue = await database.IssueAsync();
            await host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default);
            await host.PlanAsync();
            await database.UntilAsync("SELECT count(*) = 2 FROM delivery WHERE state = 'accepted' AND split_part(email, '@', 1) IN ('kim', 'lo')");
            await reader.GetAsync(host.DetailsPath(kim));
            await reader.GetAsync("/avsluta/trasigt-hemligt");
            await reader.SubmitAsync(await reader.GetAsync(host.UnsubscribePath(kim)), "main form", ("knapp", "avsluta"));
            await reader.GetAsync("/krasch/hemligt-i-adressen");
            secrets.AddRange(["trasigt-hemligt", "hemligt-i-adressen"]);

            // Kim's farewell or Lo's letter meets this: the relay closes with an address in its words (and not for
            // being too fast, which would rest the destination), and the password is wrong all of a sudden.
            relay.Options = relay.Options with
            {
                Password = "ett-annat",
                Faults = [new("RCPT", FakeRelayAct.Answer, Reply: "421 4.3.0 kim@gransele.example is closing")]
            };
            await database.ExecuteAsync(
                "UPDATE delivery SET state = 'waiting', next_attempt_at = NULL WHERE state = 'accepted'; UPDATE issue SET state = 'sending'; INSERT INTO slice (issue_id, first_id, last_id, due_at) SELECT issue_id, min(id), max(id), now() FROM delivery GROUP BY 1");
            await database.UntilAsync("SELECT EXISTS (SELECT FROM relay WHERE failures > 0)");
            health = await ReadAsync(reader, "/health/ready") + await ReadAsync(reader, "/health/live");
            await receiver.UntilAsync("smakom.deliveries", "smakom.job.duration", "GET /avsluta/{token}");
        }

        var everything = (Logs: string.Join('\n', log.Lines), Exports: receiver.Text, Health: health);
        Assert.That(everything.Logs, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var secret in secrets.Where(secret => secret.Length > 3))
            {
                Assert.That(log.Lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).Take(3), Is.Empty,
                    $"log holds {secret}");
                Assert.That(everything.Exports, Does.Not.Contain(secret).IgnoreCase, "metrics and traces");
                Assert.That(everything.Health, Does.Not.Contain(secret).IgnoreCase, "health");
            }
        });
    }

    [Test]
    public async Task What_others_put_into_an_exception_is_cleaned_out_of_the_log_and_the_history_of_jobs()
    {
        const string token = "k7QmZ2xPfV9tR4wN8bYcLs3d";
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        var log = new KeptLog();
        await database.SubscriberAsync("kim@gransele.example");
        var issue = await database.IssueAsync(queued: true);
        await database.ExecuteAsync(
            $"""
            CREATE FUNCTION refuse_loudly() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'No room for kim@gransele.example who has https://nyhetsbrev.example/l/{token} and password=hemligt4711'; END $$;
            CREATE TRIGGER refuse_loudly BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION refuse_loudly();
            CREATE TRIGGER refuse_loudly BEFORE INSERT ON sign_up FOR EACH ROW EXECUTE FUNCTION refuse_loudly();
            CREATE TRIGGER refuse_loudly BEFORE INSERT ON subscriber FOR EACH ROW EXECUTE FUNCTION refuse_loudly();
            """);
        await using (var host = await TestHost.StartAsync(database, builder => Listen(builder, log),
            [.. Given.Relay(relay), ("SignUp:MinimumTime", "00:00:00"), ("Logging:LogLevel:Default", "Trace"),
                ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"), ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace")]))
        {
            await host.Get<JobRunner>().RunAsync(new("PlanIssue", $"{issue}", RunKind.Now, null), default);
            // At a full minute the run that recurs may have had the issue instead.
            await database.UntilAsync("SELECT EXISTS (SELECT FROM job_run WHERE job = 'PlanIssue' AND state = 'failed')", TimeSpan.FromMinutes(1));

            using var reader = new PageReader(host.Url);
            await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
                ("Form.Name", "Åsa"), ("Form.Consent", "true"));
            Assert.That((int)reader.Answer.StatusCode, Is.EqualTo(500));

            var broken = await ImportFile.OpenAsync(
                new MemoryStream(Encoding.UTF8.GetBytes(
                    "E-post;Namn\nnils@gransele.example;\"Nils\nbo@@gransele.example;Bo\nlisa@gransele.example;Lisa\n")), default);
            Assert.ThrowsAsync<Npgsql.PostgresException>(() => host.Get<SubscriberImport>()
                .RunAsync(broken.ReadAsync(default), new(LegalBasis.Member, "lista", Actor.CommandLine), dryRun: false, null, default));

            // The relay is away, and its last words named somebody.
            await database.ExecuteAsync("DROP TRIGGER refuse_loudly ON delivery");
            relay.Options = new() { Faults = [new("connect", FakeRelayAct.Answer, Reply: "421 4.7.0 kim@gransele.example is not welcome")] };
            await host.PlanAsync();
            await database.UntilAsync("SELECT EXISTS (SELECT FROM relay WHERE failures > 0)");
        }

        var failed = await database.ScalarAsync<string>(
            "SELECT concat_ws(' ', cause, exception, log::text) FROM job_run WHERE job = 'PlanIssue' AND state = 'failed' ORDER BY id LIMIT 1");
        Assert.That(failed, Does.Contain("No room for (address)").And.Contain("PostgresException").And.Contain("IssuePlanner"),
            "what happened and where is kept");
        Assert.That(log.Lines.Where(line =>
            line.Contains("No room for (address) who has https://nyhetsbrev.example/l/(token) and password=(secret)", StringComparison.Ordinal)),
            Is.Not.Empty, "so it is in the log");
        foreach (var secret in new[] { "gransele.example", token, "hemligt4711" })
        {
            Assert.That(log.Lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).Take(3), Is.Empty, $"log holds {secret}");
            Assert.That(failed, Does.Not.Contain(secret).IgnoreCase, "history of jobs");
        }
    }

    private static async Task<string> ReadAsync(PageReader reader, string path)
    {
        await reader.GetAsync(path);
        return await reader.Answer.Content.ReadAsStringAsync();
    }

    private static void Listen(WebApplicationBuilder builder, KeptLog log) => builder.Logging.AddProvider(log);
}
