using System.CommandLine;
using SmaKom.Mailer.Domains;
using SmaKom.Mailer.Findings;
using SmaKom.Mailer.Health;

namespace SmaKom.Mailer.Cli;

/// <summary><c>smakom doctor</c>: what is wrong and what to do. <c>smakom status</c>: the numbers, and the health in a line.</summary>
internal static class HealthVerbs
{
    public static Command CreateDoctor(Terminal terminal)
    {
        var doctor = new Command("doctor", terminal.Words["Doctor"]);
        doctor.SetAction((_, ct) => ExamineAsync(terminal, ct));
        return doctor;
    }

    public static Command CreateStatus(Terminal terminal)
    {
        var status = new Command("status", terminal.Words["Status"]);
        status.SetAction((_, ct) => StatusAsync(terminal, ct));
        return status;
    }

    private static async Task<int> ExamineAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var checkup = app.Services.GetRequiredService<Checkup>();
        // Whoever calls waits some seconds for DNS, which no page does.
        if (await checkup.DatabaseAsync(ct) is null) await app.Services.GetRequiredService<DomainDoctor>().FreshAsync(ct);
        var findings = await checkup.LookAsync(ct);
        var texts = app.Services.GetRequiredService<FindingTexts>();
        terminal.Say(texts.Summary(findings));
        foreach (var (finding, text) in findings.Select(finding => (finding, texts.Of(finding))))
        {
            terminal.Say("");
            terminal.Say($"{terminal.Words[$"Doctor.{finding.Severity}"]} {text.Title} [{finding.Kind}]");
            terminal.Say($"  {text.Happened}\n  {text.Lost}\n  {text.Do}");
        }

        terminal.Data(new
        {
            summary = texts.Summary(findings),
            findings = findings.Select(finding => (finding, text: texts.Of(finding)))
                .Select(told => new
                {
                    kind = $"{told.finding.Kind}",
                    severity = told.finding.Severity,
                    told.text.Title,
                    told.text.Happened,
                    told.text.Lost,
                    told.text.Do
                }),
        });
        return ExitCodeOf(findings);
    }

    private static async Task<int> StatusAsync(Terminal terminal, CancellationToken ct)
    {
        await using var app = CommandHost.Open(terminal);
        var findings = await app.Services.GetRequiredService<Checkup>().LookAsync(ct);
        var texts = app.Services.GetRequiredService<FindingTexts>();
        terminal.Say(texts.Summary(findings));
        if (findings.Any(finding => finding.Kind is FindingKind.DatabaseAway or FindingKind.DatabaseOld))
        {
            terminal.Say(terminal.Words["Status.SeeDoctor"]);
            terminal.Data(new { summary = texts.Summary(findings) });
            return ExitCodeOf(findings);
        }

        var numbers = await app.Services.GetRequiredService<KeyNumbersReader>().ReadAsync(ct);
        terminal.Table([terminal.Words["Status.What"], terminal.Words["Status.Number"]],
            app.Services.GetRequiredService<KeyNumberLines>().Of(numbers).Select(line => (string[])[line.Label, line.Value]));
        if (findings.Count > 0) terminal.Say(terminal.Words["Status.SeeDoctor"]);
        terminal.Data(new
        {
            summary = texts.Summary(findings),
            faults = findings.Count(f => f.Severity == Severity.Fault),
            warnings = findings.Count(f => f.Severity == Severity.Warning),
            numbers
        });
        return ExitCodeOf(findings);
    }

    // For a cron line: silent when all is well, and told apart what can wait till the morning.
    private static int ExitCodeOf(IReadOnlyList<Finding> findings) =>
        findings.Any(finding => finding.Kind is FindingKind.DatabaseAway or FindingKind.DatabaseOld) ? ExitCode.NoDatabase
        : findings.Any(finding => finding.Severity == Severity.Fault) ? ExitCode.Refused
        : findings.Any(finding => finding.Severity == Severity.Warning) ? ExitCode.Partly
        : ExitCode.Done;
}
