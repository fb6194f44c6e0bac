using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Scenarios;

/// <summary>
/// Somebody has put <c>….eo.resx</c> files beside the others and built: pages and letters are in Esperanto for whoever wants them so, and nothing
/// else had to be told.
/// </summary>
public sealed class ThirdLanguageTests
{
    [Test]
    public async Task A_language_that_is_dropped_in_is_offered_and_spoken_on_pages_and_in_letters()
    {
        using var program = DroppedLanguage.Of("eo", text => text switch
        {
            "På svenska" => "Esperante",
            "HH.mm" or "{0} kl. {1}" => text,
            _ => $"{text} ĉu",
        });
        await using var database = await TestDatabase.CreateAsync();
        await using var relay = new FakeRelay();
        var port = TestPostgres.FreePort();
        await using var process = WorkerProcess.StartIn(program.Folder, database,
            [.. Given.Relay(relay), ("Roles", "web,worker"), ("urls", $"http://127.0.0.1:{port}"), ("SignUp:MinimumTime", "00:00:00")]);
        await process.UntilStartedAsync();
        using var reader = new PageReader($"http://127.0.0.1:{port}");

        var page = await reader.GetAsync("/prenumerera");
        Assert.That(page.QuerySelectorAll("a[hreflang]").Select(link => $"{link.GetAttribute("lang")} {link.TextContent}"),
            Is.EqualTo(new[] { "en In English", "eo Esperante" }));
        page = await reader.GetAsync(page.QuerySelector("a[hreflang=eo]")!.GetAttribute("href")!);
        Assert.That((page.DocumentElement.GetAttribute("lang"), page.QuerySelector("h1")!.TextContent), Is.EqualTo(("eo", "Prenumerera ĉu")));

        // The choice is kept, and the subscription is in the language of the form.
        page = await reader.GetAsync("/prenumerera");
        await reader.SubmitAsync(page, "main form", ("Form.Email", "kim@gransele.example"), ("Form.Consent", "true"));
        await relay.WaitFor(1);
        var mail = ReceivedMail.Read(relay.Messages[0].Bytes);
        Assert.That(mail.Subject, Is.EqualTo("Bekräfta din prenumeration ĉu"));
        Assert.That(mail.HtmlBody, Does.Contain("lang=\"eo\""));
        await reader.SubmitAsync(await reader.GetAsync(relay.Messages[0].LinkTo("/bekrafta/")), "main form");
        var kim = await database.ScalarAsync<long>("SELECT id FROM subscriber WHERE language = 'eo'");

        var issue = await database.IssueAsync(queued: true);
        await database.UntilSettledAsync(issue);
        var letter = ReceivedMail.Read(relay.Messages[1].Bytes);
        Assert.That(letter.TextBody, Does.Contain("Avsluta prenumerationen ĉu"));
        page = await reader.GetAsync(relay.Messages[1].LinkTo("/uppgifter/"));
        Assert.That(page.QuerySelectorAll("select#language option").Select(option => $"{option.GetAttribute("value")} {option.TextContent}"),
            Is.EqualTo(new[] { "sv svenska", "en English", "eo esperanto" }));
        Assert.That(kim, Is.Positive);
    }
}
