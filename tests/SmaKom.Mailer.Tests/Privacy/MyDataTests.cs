using System.Text.Json;
using System.Text.Json.Nodes;
using SmaKom.Mailer.Links;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>What a person sees and downloads of themself, and what staff do for those who call.</summary>
public sealed class MyDataTests : ReaderFixture
{
    private long anna;
    private string path = "";

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.AutumnAsync();
        anna = await Database.AnnaAsync();
        var host = await StartWebAsync();
        path = host.MyDataPath(anna);
        return host;
    }

    [Test]
    public async Task The_page_shows_everything_with_the_wording_that_was_agreed_to()
    {
        var page = await Reader.GetAsync(path);

        var text = page.QuerySelector("main")!.TextContent;
        Assert.That(text, Does.Contain("anna.soderlund@ånäset.example").And.Contain("Ånäset").And.Contain("Bekräftade adressen"));
        Assert.That(page.QuerySelector("blockquote")!.TextContent.Trim(), Does.StartWith("Jag vill få nyhetsbrevet från SmåKom"));
        Assert.That(page.QuerySelectorAll("details").Length, Is.EqualTo(3), "an issue each");
        Assert.That(text, Does.Not.Contain("karin@smakom.example"), "who of the staff decided is theirs");
        Assert.That(Reader.Answer.Headers.CacheControl!.NoStore);
    }

    [Test]
    public async Task The_file_is_of_the_form_that_is_served_beside_it()
    {
        await Reader.GetAsync($"{path}/uppgifter.json");
        Assert.That(Reader.Answer.Content.Headers.ContentDisposition!.FileName, Is.EqualTo("mina-uppgifter.json"));
        var file = JsonNode.Parse(await Reader.Answer.Content.ReadAsStringAsync())!;
        await Reader.GetAsync(new Uri(file["$schema"]!.GetValue<string>()).AbsolutePath);
        var schema = JsonNode.Parse(await Reader.Answer.Content.ReadAsStringAsync())!;

        Assert.That(file["subscription"]!["address"]!.GetValue<string>(), Is.EqualTo("anna.soderlund@ånäset.example"));
        Assert.That(file["consents"]![0]!["wording"]!.GetValue<string>(), Does.StartWith("Jag vill få"));
        Assert.That(file["letters"]!.AsArray().Select(letter => $"{letter!["issue"]} {letter["state"]}"),
            Is.EqualTo(new[] { "2026-09 accepted", "2026-10 accepted", "2026-11 refused" }));
        Assert.That(schema["description"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(Faults(file, schema, "$"), Is.Empty);
        file["letters"]![0]!["attempts"] = true;
        file.AsObject().Remove("events");
        Assert.That(Faults(file, schema, "$").Count(), Is.EqualTo(2), "what is wrong is seen");
    }

    [Test]
    public async Task An_expired_link_and_one_for_something_else_open_nothing()
    {
        var signer = Host.Get<LinkSigner>();
        foreach (var token in new[] { Host.MyDataPath(anna, hours: -0.1).Split('/')[^1],
            signer.Token(LinkPurpose.Preferences, new(anna, 0)), signer.Token(LinkPurpose.Unsubscribe, new(anna, int.MaxValue)), "x" })
            foreach (var rest in new[] { "", "/uppgifter.json", "/radera" })
            {
                var page = await Reader.GetAsync($"/mina-uppgifter/{token}{rest}");
                Assert.That((int)Reader.Answer.StatusCode, Is.EqualTo(410));
                Assert.That(page.QuerySelector("main a[href='/lank']"), Is.Not.Null);
                Assert.That(page.Body!.TextContent, Does.Not.Contain("anna."));
            }
    }

    [Test]
    public async Task Erasing_needs_a_form_of_ours()
    {
        using var stranger = new HttpClient { BaseAddress = new Uri(Host.Url) };
        var answer = await stranger.PostAsync($"{path}/radera", new FormUrlEncodedContent([new("x", "y")]));

        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await Database.StatusAsync(anna), Is.EqualTo("active"));
    }

    [Test]
    public async Task Staff_give_a_copy_and_erase_for_whoever_calls_and_it_is_noted_without_the_address()
    {
        const string root = "/redaktion/personuppgifter";
        var page = await FindAsync("CECILIA@moviken.example");
        Assert.That(page.QuerySelector("#funnet"), Is.Not.Null);
        await Reader.SubmitAsync(page, $"form[action='{root}/hamta']");
        Assert.That(JsonNode.Parse(await Reader.Answer.Content.ReadAsStringAsync())!["subscription"]!["name"]!.GetValue<string>(),
            Is.EqualTo("Cecilia Åström"));

        page = await Reader.SubmitAsync(page, $"form[action='{root}/radera']");
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent, Does.Contain("Kryssa i rutan"));
        page = await Reader.SubmitAsync(page, $"form[action='{root}/radera']", ("saker", "ja"));
        Assert.That(page.QuerySelector("[role=status]")!.TextContent, Does.Contain("raderad"));
        page = await FindAsync("cecilia@moviken.example");
        Assert.That(page.QuerySelector("[role=alert]")!.TextContent, Does.Contain("inga uppgifter"));
        Assert.That(await Database.ScalarAsync<string>("SELECT string_agg(what || ' ' || COALESCE(target, ''), ', ' ORDER BY id) FROM admin_action WHERE what LIKE 'subscribers.%'"),
            Does.Match("^subscribers\\.export , subscribers\\.erase #\\d+$"));

        async Task<AngleSharp.Html.Dom.IHtmlDocument> FindAsync(string address) =>
            await Reader.SubmitAsync(await Reader.GetAsync(root), $"form[action='{root}']", ("adress", address));
    }

    [Test]
    public async Task The_command_line_does_both_too()
    {
        await Database.SubscriberAsync("lo@alvhed.example");

        var data = await Smakom.RunAsync(Database.ConnectionString, [("SMAKOM__Sender__PostalAddress", "Gatan 1")], "subscribers", "data",
            "Lo@alvhed.example", "--json");
        Assert.That(data.Json.GetProperty("subscription").GetProperty("address").GetString(), Is.EqualTo("lo@alvhed.example"));
        var kept = await Smakom.RunAsync(Database, "subscribers", "erase", "lo@alvhed.example");
        Assert.That((kept.ExitCode, kept.Errors.Trim()), Is.EqualTo((1, "Inget är raderat. Med --yes raderas utan fråga.")));
        var erased = await Smakom.RunAsync(Database, "subscribers", "erase", "lo@alvhed.example", "--yes");
        Assert.That(erased.ExitCode, Is.Zero, erased.Errors);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM subscriber WHERE email LIKE 'lo@%'"), Is.Zero);
        Assert.That((await Smakom.RunAsync(Database, "subscribers", "data", "lo@alvhed.example")).ExitCode, Is.EqualTo(1));
    }

    /// <summary>What of a JSON schema the file's own uses: types, properties, what is required, items.</summary>
    private static IEnumerable<string> Faults(JsonNode? node, JsonNode schema, string at)
    {
        if (schema is not JsonObject rules) return [];
        var kind = node?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "integer",
            _ => "boolean",
        };
        string[] allowed = rules["type"] switch { JsonArray many => [.. many.Select(one => $"{one}")], { } one => [$"{one}"], null => [] };
        if (allowed.Length > 0 && !allowed.Contains(kind)) return [$"{at} is {kind}"];
        return node switch
        {
            JsonObject fields => (rules["required"]?.AsArray() ?? []).Where(name => !fields.ContainsKey($"{name}")).Select(name => $"{at} has no {name}")
                .Concat(fields.SelectMany(field => rules["properties"]?[field.Key] is { } inner ? Faults(field.Value, inner, $"{at}.{field.Key}") : [])),
            JsonArray items when rules["items"] is { } inner => items.SelectMany((item, i) => Faults(item, inner, $"{at}[{i}]")),
            _ => [],
        };
    }
}
