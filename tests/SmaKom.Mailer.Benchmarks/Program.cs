using System.CommandLine;
using System.Text.Json;
using SmaKom.Mailer.Benchmarks;
using SmaKom.Mailer.Mail.Smtp;

var json = new Option<FileInfo?>("--json") { Description = "Write the results to this file." };
var quick = new Option<bool>("--quick") { Description = "Unsigned, signed and one connection only, in about a minute." };
var recipients = new Option<int>("--recipients") { Description = "Letters of one measured run.", DefaultValueFactory = _ => 40_000 };
var many = new Option<int>("--many") { Description = "Letters of the large run, beside one of 10,000.", DefaultValueFactory = _ => 200_000 };
var lines = new Option<string[]>("--line")
{
    Description = "Only this line, through both clients; may be repeated.",
    AllowMultipleArgumentsPerToken = true
};
lines.AcceptOnlyFromAmong("unsigned", "signed", "one", "far", "many");
var root = new RootCommand("Measures the dispatch of letters beside smtp-source and nodemailer, in one run.") { quick, recipients, many, lines,
    json };
root.SetAction(async (result, ct) =>
{
    var report = await DispatchBench.RunAsync(result.GetValue(quick), result.GetValue(recipients), result.GetValue(many),
        result.GetValue(lines) ?? [], ct);
    report.Print();
    await WriteAsync(result.GetValue(json), report);
    return 0;
});

var kills = new Option<int>("--kills") { Description = "How many workers are killed.", DefaultValueFactory = _ => 20 };
var audience = new Option<int>("--recipients") { Description = "Recipients of the issue.", DefaultValueFactory = _ => 2000 };
var connections = new Option<int>("--connections") { Description = "Open connections of each worker.", DefaultValueFactory = _ => 8 };
var killed = new Option<SmtpClientKind>("--client")
{
    Description = "Whose worker it is: MailKit or Pipelined.",
    DefaultValueFactory = _ => SmtpClientKind.MailKit
};
var killing = new Command("kills", "Kills workers at random moments of one issue (kill -9) and counts who was lost or doubled.") { kills, audience,
    connections, killed, json };
killing.SetAction(async (result, ct) =>
{
    var found = await SmaKom.Mailer.Tests.Scenarios.WorkerKilledTests.KillsAsync(result.GetValue(kills), result.GetValue(audience),
        result.GetValue(connections), result.GetValue(killed), Environment.TickCount);
    SmaKom.Mailer.Tests.Support.TestDatabase.Stop();
    Console.WriteLine($"{result.GetValue(killed)}: {found.Kills} kills, {found.Recipients} recipients, {found.Connections} connections: lost {found.Lost}, doubled {found.Doubled}, unknown {found.Unknown} (at most {found.MostUnknownPerKill} a kill)");
    await WriteAsync(result.GetValue(json), found);
    return found.Lost + found.Doubled == 0 && found.MostUnknownPerKill <= found.Connections ? 0 : 1;
});
root.Add(killing);

var bytes = new Option<int>("--bytes") { Description = "Octets of one letter.", DefaultValueFactory = _ => 30_000 };
var client = new Command("client", "Measures both SMTP clients alone, without database: 8 and 16 connections, unsigned and signed.") { recipients,
    bytes, json };
client.SetAction(async (result, _) =>
{
    var rows = await ClientRun.RunAsync(result.GetValue(recipients), result.GetValue(bytes));
    foreach (var row in rows)
        Console.WriteLine($"{row.Client}, {row.Connections} connections, {(row.Signed ? "signed" : "unsigned")}: {row.Rate:0} letters/s");
    await WriteAsync(result.GetValue(json), rows);
    return 0;
});
root.Add(client);
var pages = new Option<int>("--pages") { Description = "Progress pages that are open meanwhile.", DefaultValueFactory = _ => 3 };
var watched = new Command("watch", "Measures what open progress pages cost a dispatch: without and with them, in turns.") { recipients, pages, json };
watched.SetAction(async (result, _) =>
    await WriteAsync(result.GetValue(json), await WatchRun.RunAsync(result.GetValue(recipients), result.GetValue(pages))));
root.Add(watched);

var deliveries = new Option<int>("--deliveries") { Description = "Letters of earlier issues in the tables.", DefaultValueFactory = _ => 5_000_000 };
var readers = new Option<int>("--recipients")
{
    Description = "Recipients of the issue that goes out meanwhile, and of each earlier one.",
    DefaultValueFactory = _ => 100_000
};
var rounds = new Option<int>("--rounds") { Description = "Requests for each page, as far as the issue lasts.", DefaultValueFactory = _ => 40 };
var archive = new Option<int>("--archive-seconds")
{
    Description = "How long wrk asks the public archive for pages, and for searches, alone and beside the issue; 0: not at all.",
    DefaultValueFactory = _ => 10
};
var opening = new Command("pages",
    "Measures every page of an administrator with years of letters in the tables, alone and while an issue goes out.") { deliveries, readers, rounds,
    archive, json };
opening.SetAction(async (result, _) =>
    await WriteAsync(result.GetValue(json), await PagesRun.RunAsync(result.GetValue(deliveries), result.GetValue(readers), result.GetValue(rounds),
        result.GetValue(archive))));
root.Add(opening);

var posts = new Option<int>("--posts") { Description = "Sign-ups, each from a network of its own.", DefaultValueFactory = _ => 10_000 };
var flood = new Command("sign-ups", "Measures how many mails a flood of sign-ups makes, and how long a page takes meanwhile.") { posts, json };
flood.SetAction(async (result, _) => await WriteAsync(result.GetValue(json), await SignUpRun.RunAsync(result.GetValue(posts))));
root.Add(flood);

var articles = new Option<int>("--articles") { Description = "Of the issue that is written.", DefaultValueFactory = _ => 15 };
var words = new Option<int>("--words") { Description = "Words that are typed.", DefaultValueFactory = _ => 60 };
var previewing = new Command("preview",
    "Measures what an editor waits for in the composer, in Chromium: ready to type, from the last key to the letter beside it, to saved.") {
    articles, words, json };
previewing.SetAction(async (result, _) =>
    await WriteAsync(result.GetValue(json), await PreviewRun.RunAsync(result.GetValue(articles), result.GetValue(words))));
root.Add(previewing);

var people = new Option<int>("--recipients") { Description = "Active subscribers.", DefaultValueFactory = _ => 1_000_000 };
var planning = new Command("plan", "Measures the planning of one large issue: one statement that freezes its audience, and the slices.") { people,
    json };
planning.SetAction(async (result, _) => await WriteAsync(result.GetValue(json), await PlanRun.RunAsync(result.GetValue(people))));
root.Add(planning);

var signing = new Command("sign", "Measures what signing one letter costs beside the RSA operation alone, on one core.") { json };
signing.SetAction(async (result, _) => await WriteAsync(result.GetValue(json), SignRun.Run()));
root.Add(signing);

var folder = new Argument<DirectoryInfo>("folder") { Description = "Holds labels.csv and the mails that it names, in mails/." }.AcceptExistingOnly();
var listed = new Option<bool>("--verbose", "-v") { Description = "Names each mail that was misread." };
var bounces = new Command("bounces", "Reads labelled mails that came back, and counts what was misread.") { folder, listed, json };
bounces.SetAction(async (result, ct) =>
    await WriteAsync(result.GetValue(json), await BouncesRun.RunAsync(result.GetRequiredValue(folder), result.GetValue(listed), ct)));
root.Add(bounces);
return await root.Parse(args).InvokeAsync();

static async Task WriteAsync(FileInfo? file, object value)
{
    if (file is null) return;
    await File.WriteAllTextAsync(file.FullName,
        JsonSerializer.Serialize(value,
            new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })
        + "\n");
}
