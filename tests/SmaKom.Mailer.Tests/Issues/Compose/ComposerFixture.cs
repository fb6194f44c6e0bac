using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>A draft and a browser in which it is written.</summary>
public abstract class ComposerFixture : BrowserFixture
{
    /// <summary>The draft of each test; a test may choose another.</summary>
    protected int Issue { get; set; }

    protected string Address => $"/redaktion/nummer/{Issue}/skriv";

    [SetUp]
    public async Task BeginAsync()
    {
        await Database.EmptyAsync("issue, subscriber, media, person");
        await Database.SubscribersAsync(3);
        await Database.SentIssuesAsync();
        Issue = await Database.IssueAsync("2026-12");
    }

    protected async Task<IssueContent> ContentAsync() => (await Host.Get<DraftStore>().ReadAsync(Issue, default))!.Content;
}
