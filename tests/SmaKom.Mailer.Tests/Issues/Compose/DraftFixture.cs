using SmaKom.Mailer.Issues;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>A host without a worker, and a draft.</summary>
public abstract class DraftFixture
{
    protected static readonly SmaKom.Mailer.Audit.Actor Other = SmaKom.Mailer.Audit.Actor.Staff("annan@example.org");
    protected TestDatabase Database { get; private set; } = null!;
    protected TestHost Host { get; private set; } = null!;
    protected int Issue { get; private set; }

    protected DraftCommands Commands => Host.Get<DraftCommands>();
    protected IssueDrafts Drafts => Host.Get<IssueDrafts>();

    [SetUp]
    public async Task StartAsync()
    {
        Database = await TestDatabase.CreateAsync();
        Host = await TestHost.StartAsync(Database, ("Roles", "web"));
        await Database.SubscribersAsync(2);
        await Database.RelayAsync();
        Issue = await Database.IssueAsync("2026-11");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        await Database.DisposeAsync();
    }

    protected async Task<Draft> ReadAsync(int? issue = null) => (await Host.Get<DraftStore>().ReadAsync(issue ?? Issue, default))!;

    protected async Task<IssueContent> ContentAsync(int? issue = null) => (await ReadAsync(issue)).Content;

    /// <summary>Saves over the newest version.</summary>
    protected async Task<SaveAnswer> SaveAsync(int issue, string part, params (string Name, string Value)[] fields) =>
        await Commands.SaveAsync(issue, part, (await ReadAsync(issue)).VersionOf(part).Version,
            fields.ToDictionary(field => field.Name, field => field.Value), Given.Editor, default);

    /// <summary>Headings of everything, in reading order.</summary>
    protected async Task<string> OrderAsync() =>
        string.Join(" | ", (await ContentAsync())
            .Sections.Select(section =>
            $"{section.Heading}: {string.Join(", ", section.Blocks.Select(block => DraftPart.All(new() { Year = 2026, Month = 1, Subject = "", Preheader = "", Sections = [new() { Id = "x", Heading = "", Blocks = [block] }] }).Last().Title))}"));

    protected Task<long> CountAsync(string from) => Database.ScalarAsync<long>($"SELECT count(*) FROM {from}");

    protected async Task<IReadOnlyList<IssueFinding>> FindingsAsync(int issue) =>
        (await Host.Get<IssueCommands>().QueueAsync(issue, null, Given.Editor, default)).Findings;
}
