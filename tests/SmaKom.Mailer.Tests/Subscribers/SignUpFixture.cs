using Microsoft.AspNetCore.DataProtection;
using SmaKom.Mailer.Subscribers.SignUp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Subscribers;

/// <summary>The pages, with the form that takes at once what is sent; nobody has signed up when a test begins.</summary>
public abstract class SignUpFixture : SiteFixture
{
    protected override Task<TestHost> StartHostAsync() => StartWebAsync(("SignUp:MinimumTime", "00:00:00"), ("SignUp:PerNetworkAndHour", "30"));

    [SetUp]
    public Task Empty() => Database.EmptyAsync("subscriber, sign_up, notice");

    protected static async Task<AngleSharp.Html.Dom.IHtmlDocument> SignUpAsync(PageReader reader, string email, params (string, string?)[] values) =>
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", [("Form.Email", email), ("Form.Consent", "true"), .. values]);

    protected Task DecideAsync() => Host.Get<SignUpDecisions>().DecideAsync(default);

    protected async Task<string> MailedLinkAsync()
    {
        await DecideAsync();
        var payload = await Database.ScalarAsync<string>("SELECT payload FROM notice WHERE kind = 'confirmation' ORDER BY id DESC LIMIT 1");
        return new Uri(Host.Get<IDataProtectionProvider>().CreateProtector("Notices.Link").Unprotect(payload)).AbsolutePath;
    }

    protected Task<long> CountAsync(string table) => Database.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
