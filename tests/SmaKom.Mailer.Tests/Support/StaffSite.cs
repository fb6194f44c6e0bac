using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Demo;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>A site with the sample login, and ways to log in.</summary>
public static class StaffSite
{
    public static readonly (string, string) SampleLoginAllowed = ("Accounts:AllowSampleLogin", "true");

    public static async Task AddSampleLoginAsync(this TestHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StaffRegister>().EnsureSampleAsync(SampleData.LoginEmail, SampleData.LoginPassword);
    }

    public static async Task<IHtmlDocument> LogInAsync(this PageReader reader, string email = SampleData.LoginEmail,
        string password = SampleData.LoginPassword, string path = "/logga-in") =>
        await reader.SubmitAsync(await reader.GetAsync(path), "form.card", ("Email", email), ("Password", password));

    public static async Task LogInAsync(this IPage page, string email = SampleData.LoginEmail, string password = SampleData.LoginPassword)
    {
        await page.GotoAsync("/logga-in");
        await page.GetByLabel("E-postadress").FillAsync(email);
        await page.GetByLabel("Lösenord").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Logga in" }).ClickAsync();
        // The address only: Playwright's wait for a page that is loading misses one that is already loaded.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/redaktion$"));
    }
}
