using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>A link in a letter is a key: whoever reads the log must not be able to use it.</summary>
public sealed class SecretsInLogsTests
{
    [Test]
    public async Task Neither_tokens_nor_addresses_reach_the_log_or_its_scopes_even_when_it_says_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new KeptLog();
        await using var host =
            await TestHost.StartAsync(database, builder => Keep(builder, log), ("Roles", "web"), ("SignUp:MinimumTime", "00:00:00"),
            ("Logging:LogLevel:Default", "Information"), ("Logging:LogLevel:Microsoft.AspNetCore", "Information"));
        var kim = await database.SubscriberAsync("kim@gransele.example");
        var (unsubscribe, details, letter) = (host.UnsubscribePath(kim), host.DetailsPath(kim), host.LetterPath(kim, 1));
        using var reader = new PageReader(host.Url);

        await reader.SubmitAsync(await reader.GetAsync(unsubscribe), "main form", ("knapp", "avsluta"));
        await reader.SubmitAsync(await reader.GetAsync(details), "main form", ("Form.Name", "Kim"));
        foreach (var path in new[] { letter, "/bekrafta/hemligt-hemligt", "/avsluta/trasigt-hemligt" }) await reader.GetAsync(path);
        await reader.SubmitAsync(await reader.GetAsync("/prenumerera"), "main form", ("Form.Email", "asa@gransele.example"),
            ("Form.Consent", "true"));

        var text = string.Join('\n', log.Lines);
        Assert.That(text, Is.Not.Empty);
        foreach (var secret in new[] { unsubscribe[9..], details[11..], letter[6..], "hemligt", "gransele.example" })
            Assert.That(text, Does.Not.Contain(secret));
    }

    [Test]
    public async Task A_line_stays_one_line_whatever_stands_in_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new KeptLog();
        await using var host = await TestHost.StartAsync(database, builder => Keep(builder, log), ("Roles", "web"));
        var logger = host.Get<ILoggerFactory>().CreateLogger("probe");
        log.Lines.Clear();

        const string typed = "Kim\r\ninfo: All is well\u001b[2J\u202E\u2028\u0085";
        logger.LogWarning("Said: {Words}", typed);
        logger.LogWarning(new InvalidOperationException(typed), "Failed of {Words}", typed);

        const string visible = "Kim\\u000d\\u000ainfo: All is well\\u001b[2J\\u202e\\u2028\\u0085";
        Assert.That(log.Lines.First().TrimEnd(), Is.EqualTo($"Said: {visible}"));
        Assert.That(log.Lines.Last(), Does.StartWith($"Failed of {visible} "));
        Assert.That(log.Lines.Last().Where(c => char.IsControl(c) || c is '\u202E' or '\u2028'), Is.Empty);
    }

    [Test]
    public async Task A_page_that_is_read_leaves_no_line()
    {
        await using var database = await TestDatabase.CreateAsync();
        var log = new KeptLog();
        await using var host = await TestHost.StartAsync(database, builder => Keep(builder, log), ("Roles", "web"));
        using var reader = new PageReader(host.Url);
        log.Lines.Clear();

        foreach (var path in new[] { "/", "/prenumerera", "/site.css", "/logga-in" }) await reader.GetAsync(path);

        Assert.That(log.Lines.Where(line => line.Contains("endpoint", StringComparison.Ordinal)
            || line.Contains("Sending file", StringComparison.Ordinal)), Is.Empty);
    }

    private static void Keep(WebApplicationBuilder builder, KeptLog log) => builder.Logging.AddProvider(log);
}
