using Microsoft.Playwright;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Demo;

/// <summary>The built-in inbox and its mails.</summary>
public sealed class InboxPagesInChromiumTests : PagesFixture
{
    private int people;

    protected override Task<TestHost> StartHostAsync() => SampleHost.StartAsync(Database);

    private static readonly Dictionary<string, Func<InboxPagesInChromiumTests, IPage, Task>> States = new()
    {
        ["inbox"] = async (t, page) =>
        {
            await t.MailAsync();
            await page.GotoAsync("/inkorg");
        },
        ["inbox without match"] = async (t, page) =>
        {
            await t.MailAsync();
            await page.GotoAsync("/inkorg?sok=finns-inte");
        },
        ["mail"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}"),
        ["inbox of long addresses"] = async (t, page) => await page.GotoAsync($"/inkorg?sok={(await t.LongMailAsync()).Recipient}"),
        ["mail of long addresses"] = async (t, page) => await page.GotoAsync($"/inkorg/{(await t.LongMailAsync()).Id}"),
        ["mail signed wrongly"] = async (t, page) =>
        {
            var mail = await t.MailAsync();
            await t.Database.ExecuteAsync(
                $"UPDATE inbox_message SET bytes = convert_to(E'DKIM-Signature: d=gransele.example; s=x\\r\\n', 'UTF8') || bytes WHERE id = {mail}");
            await page.GotoAsync($"/inkorg/{mail}");
            await page.GetByText("ingen nyckel är publicerad").WaitForAsync();
        },
        ["mail text"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}?visa=text"),
        ["mail source"] = async (t, page) => await page.GotoAsync($"/inkorg/{await t.MailAsync()}?visa=kalla"),
    };

    public static IEnumerable<string> Names() => States.Keys;

    [TestCaseSource(nameof(Names))]
    public Task A_page_is_accessible_narrow_enough_and_within_its_policy(string state) => CheckAsync(state, page => States[state](this, page));

    /// <summary>A mail whose subject, sender and recipient have nowhere to break.</summary>
    private async Task<(long Id, string Recipient)> LongMailAsync()
    {
        var (part, mail) = (new string('a', 60), await MailAsync());
        var recipient = $"{part}@{part}.example";
        await Database.ExecuteAsync(
            $"""
            UPDATE inbox_message
            SET recipient = '{recipient}', subject = '{part}',
                bytes = convert_to(E'From: "{part}" <{recipient}>\r\nTo: "{part}" <{recipient}>\r\nSubject: {part}\r\n\r\nx', 'UTF8')
            WHERE id = {mail}
            """);
        return (mail, recipient);
    }

    /// <summary>A confirmation mail in the inbox.</summary>
    private async Task<long> MailAsync()
    {
        using var reader = new PageReader(Host.Url);
        var email = $"lo{Interlocked.Increment(ref people)}@gransele.example";
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", email), ("Form.Consent", "true"));
        await Database.UntilAsync($"SELECT EXISTS (SELECT FROM inbox_message WHERE recipient = '{email}')");
        return await Database.ScalarAsync<long>($"SELECT id FROM inbox_message WHERE recipient = '{email}'");
    }
}
