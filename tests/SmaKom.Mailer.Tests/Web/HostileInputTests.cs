using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Web;

/// <summary>
/// Everything that is mapped gets everything that strangers send, by GET and POST, as nobody and as an administrator: never an error of ours, always
/// a page in words, nowhere a stack trace, in no Location a person's address. A new endpoint is covered by itself.
/// </summary>
public sealed partial class HostileInputTests : SiteFixture
{
    private const int AtOnce = 6;

    /// <summary>Percent-encoded, as in a query or a form.</summary>
    private static readonly string[] Values =
    [
        "%00", "a%00b", "%EF%BF%BE", "a%EF%BF%BF", "%ED%A0%BD", "%FF%FE", "%E2%80%AE%1B%5B2J", "%0D%0AX-Injected%3A+1", "0001-01-01", "9999-12-31",
        "2026-02-30", "24:61", "-1", "0",
        "32768", "2147483648", "99999999999999999999", "1e400", "NaN", "abc", "refused%2Caccepted", "77", "%2F%2Fevil.example", "%2F%5Cevil.example",
        "%27%3B+DROP+TABLE+issue%3B--",
        "%3Cscript%3E", "%25%5F%5C", "%7B0%7D%7B", "anna%40gransele.example", "CfDJ8AAAAAAAAAAAAAAAAAAAAAAA", "", Long,
    ];

    private const string Long =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" +
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    /// <summary>Of queries and fields that no page declares, since endpoints read them by name.</summary>
    private static readonly string[] Names =
        ["lage", "doman", "orsak", "kod", "prenumerant", "id", "urval", "adress", "beslut", "knapp", "anledning", "jobb", "sok", "efter", "fore",
            "ord", "nar", "tid", "antal", "till", "lang"];

    /// <summary>One of each kind, where each name is tried by itself.</summary>
    private static readonly string[] Few = ["%00", "%EF%BF%BE", "abc", "77", "-1", "99999999999999999999", "9999-12-31"];

    private readonly ConcurrentBag<string> faults = [];
    private IReadOnlyList<MappedEndpoint> endpoints = [];
    private RawClient nobody = null!;
    private RawClient admin = null!;
    private int sent;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.AutumnAsync();
        await Database.ExecuteAsync(
            "UPDATE relay SET host = '127.0.0.1', port = 1, tls = 'none'; INSERT INTO job_run (job, kind, worker_id, node, started_at, ended_at, state) VALUES ('PlanIssue', 'now', gen_random_uuid(), 'ett', now(), now(), 'failed')");
        return await StartWebAsync(("Inbox:Enabled", "true"), ("Inbox:Port", $"{TestPostgres.FreePort()}"), ("SignUp:MinimumTime", "00:00:00"),
            ("Accounts:AttemptsPerNetworkAddress", "1000000"));
    }

    [OneTimeSetUp]
    public void Enumerate()
    {
        endpoints = Endpoints.All(Host);
        nobody = new(Host.Url);
    }

    [OneTimeTearDown]
    public void Close() => nobody.Dispose();

    /// <summary>One of the requests may be what logs out.</summary>
    [SetUp]
    public async Task LogInAsync()
    {
        admin = await RawClient.LogInAsync(Host);
        faults.Clear();
        sent = 0;
    }

    [TearDown]
    public void Nothing_was_wrong()
    {
        admin.Dispose();
        TestContext.Out.WriteLine($"{sent} requests to {endpoints.Count} endpoints");
        Assert.That(sent, Is.GreaterThan(endpoints.Count));
        Assert.That(faults.Order(StringComparer.Ordinal).Take(40), Is.Empty, $"{faults.Count} faults");
    }

    [Test]
    public async Task In_the_address() => await ForAllAsync(endpoints.SelectMany(endpoint => Values.Select(value => (endpoint, value))), async one =>
    {
        var path = one.endpoint.Path(_ => one.value == "" ? "%20" : one.value);
        await TryAsync(nobody, one.endpoint.Method, path, one.endpoint.Method == "POST" ? Fields() : null);
        await TryAsync(admin, one.endpoint.Method, path, one.endpoint.Method == "POST" ? Fields(("__RequestVerificationToken", admin.Token!)) : null);
    });

    [Test]
    public async Task In_the_query() => await ForAllAsync(
        from endpoint in endpoints
        where endpoint.Method == "GET"
        from query in Queries(endpoint)
        select (endpoint, query), async one =>
        {
            var path = one.endpoint.LivePath(Host);
            await TryAsync(admin, "GET", $"{path}?{one.query}");
            // To whom is not let in, all addresses behind the login are one.
            if (!IsBehindLogin(one.endpoint)) await TryAsync(nobody, "GET", $"{path}?{one.query}&{one.query}", language: "en");
        });

    /// <summary>RFC 9110 §9.3.2.</summary>
    [Test]
    public async Task Asked_with_HEAD_every_address_answers_as_with_GET_and_without_a_body() => await ForAllAsync(
        endpoints.Where(endpoint => endpoint.Method == "GET").SelectMany(endpoint => new[] { (endpoint, admin), (endpoint, nobody) }), async one =>
        {
            var path = one.endpoint.LivePath(Host);
            var (got, _) = await one.Item2.SendAsync("GET", path);
            var (head, body) = await one.Item2.SendAsync("HEAD", path);
            Interlocked.Add(ref sent, 2);
            var (expected, told) = (Told(got), Told(head));
            if (told != expected || body != "") faults.Add($"HEAD {path}: {told} {body.Length} instead of {expected}");
        });

    private static (int Status, string? Type, string? To) Told(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.Location?.OriginalString);

    /// <summary>Each value for all that the endpoint may read, and some for each by itself: one that is refused hides the others.</summary>
    private static IEnumerable<string> Queries(MappedEndpoint endpoint)
    {
        string[] names = endpoint.Queries.Count > 0 ? [.. endpoint.Queries, "lang"] : Names;
        return Values.Select(value => string.Join('&', names.Select(name => $"{name}={value}")))
            .Concat(Few.SelectMany(value => names.Select(name => $"{name}={value}")));
    }

    private static bool IsBehindLogin(MappedEndpoint endpoint) => endpoint.Route.Split('/')[1] is "admin" or "redaktion" or "hangfire";

    /// <summary>Each field of each form that stands on a page, with the page's own handler, token and other fields; and once twice.</summary>
    [Test]
    public async Task In_the_forms_of_pages()
    {
        var forms = new ConcurrentDictionary<string, (RawClient As, string Action, List<(string Name, string Value)> Fields)>();
        await ForAllAsync(endpoints.Where(endpoint => endpoint.Method == "GET"), async endpoint =>
        {
            foreach (var client in new[] { nobody, admin })
            {
                var path = endpoint.LivePath(Host);
                var (_, body) = await client.SendAsync("GET", path);
                foreach (var form in new HtmlParser().ParseDocument(body).QuerySelectorAll<IHtmlFormElement>("form[method=post]"))
                {
                    var fields = form.QuerySelectorAll("input[name], select[name], textarea[name], button[name]")
                        .Select(field => (Name: field.GetAttribute("name")!, Value: field.GetAttribute("value") ?? "")).ToList();
                    var action = form.GetAttribute("action") is { Length: > 0 } given ? given : path;
                    // Whoever logs out may do no more.
                    if (action != "/logga-ut")
                        forms.TryAdd($"{client.Token is null} {action} {string.Join(',', fields.Select(field => field.Name))}",
                            (client, action, fields));
                }
            }
        });
        Assert.That(forms, Has.Count.GreaterThan(12));

        await ForAllAsync(
            from form in forms.Values
            from field in form.Fields.Select(field => field.Name).Where(name => name is not ("__RequestVerificationToken" or "_handler")).Append("")
                .Distinct()
            from value in Values
            select (form, field, value), one => TryAsync(one.form.As, "POST", one.form.Action,
                Fields([.. one.form.Fields.Where(field => field.Name != one.field).Select(field => (field.Name, Uri.EscapeDataString(field.Value))),
                    (one.field, one.value), .. one.value == "77" ? new[] { (one.field, "abc") } : []])));
    }

    [Test]
    public async Task In_fields_that_no_form_has() => await ForAllAsync(
        from endpoint in endpoints
        where endpoint.Method == "POST" && endpoint.Route != "/logga-ut"
        from fields in Values.Select(value => Names.Select(name => (name, value)))
            .Concat(Few.SelectMany(value => Names.Select(name => Enumerable.Repeat((name, value), 2))))
        select (endpoint, fields), one =>
            TryAsync(admin, "POST", one.endpoint.LivePath(Host),
                Fields([("__RequestVerificationToken", Uri.EscapeDataString(admin.Token!)), .. one.fields, ("_handler", one.fields.First().Item2)])));

    [Test]
    public async Task As_bodies_that_are_no_form() => await ForAllAsync(
        from endpoint in endpoints
        from body in new Func<HttpContent?>[]
        {
            () => null, () => Raw("", "application/x-www-form-urlencoded"), () =>
                Raw("a=b&&=&%", "application/x-www-form-urlencoded; charset=utf-99"),
            () => Raw("{\"a\":\"\\ud800\",\"b\":\"\\u0000\"}", "application/json"), () => Raw("<a/>", "text/xml"), () =>
                Raw("x", "multipart/form-data"),
            () => Raw("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\0\r\n--x--", "multipart/form-data; boundary=x"), () =>
                Raw("--x\r\nnothing", "multipart/form-data; boundary=x"), () => Raw("--x\r\nnothing", "multipart/form-data; boundary=y"),
            () => Raw("a=b", "nonsense"), () => Raw(new string('x', 65 * 1024), "application/x-www-form-urlencoded"),
            () => Raw(string.Join('&', Enumerable.Range(0, 2000).Select(n => $"f{n}=1")), "application/x-www-form-urlencoded"),
        }
        where endpoint.Method == "POST"
        select (endpoint, body), async one =>
        {
            await TryAsync(nobody, "POST", one.endpoint.LivePath(Host), one.body());
            await TryAsync(admin, "POST", one.endpoint.LivePath(Host), one.body(), language: "en");
        });

    [Test]
    public async Task In_cookies_and_languages() =>
        await ForAllAsync(endpoints.Where(endpoint => endpoint.Method == "GET")
            .SelectMany(endpoint => new[] { "x", Long, "c=sv|uic=xx", "%00" }.Select(value => (endpoint, value))), one =>
        TryAsync(nobody, "GET", one.endpoint.LivePath(Host),
            headers: [("Cookie", $"smakom={one.value}; formular={one.value}; sprak={one.value}"), ("X-Forwarded-For", one.value),
                ("traceparent", one.value)]));

    private async Task TryAsync(RawClient client, string method, string path, HttpContent? body = null, string language = "sv",
        params (string, string)[] headers)
    {
        Interlocked.Increment(ref sent);
        var what = $"{(client == admin ? "admin" : "nobody")} {method} {path} {body?.Headers.ContentType}";
        if (body is not null) what += $" {Shown(Encoding.UTF8.GetString(await body.ReadAsByteArrayAsync()))}";
        try
        {
            var (answer, text) = await client.SendAsync(method, path, body, language, headers: headers);
            foreach (var fault in FaultsOf(answer, text, path, language)) faults.Add($"{fault}: {what}");
        }
        catch (HttpRequestException e)
        {
            faults.Add($"{e.Message}: {what}");
        }
    }

    private static IEnumerable<string> FaultsOf(HttpResponseMessage answer, string text, string path, string language)
    {
        var (status, type) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
        if (status >= 500) yield return $"{status}";
        if (StackTrace().IsMatch(text)) yield return "a stack trace";
        var location = string.Join(' ', answer.Headers.TryGetValues("Location", out var all) ? all : []);
        if (location != "" && !location.StartsWith('/')) yield return $"leads away, to {location}";
        if (location.StartsWith("//", StringComparison.Ordinal) || location.StartsWith("/\\", StringComparison.Ordinal))
            yield return $"leads to another site, {location}";
        if (Address().IsMatch(Uri.UnescapeDataString(location)) && !location.StartsWith("/logga-in?till=", StringComparison.Ordinal))
            yield return $"an address in {location}";
        if (answer.Headers.Contains("X-Injected")) yield return "a header of the sender's";
        if (status < 400 || type is "text/plain" or "application/json") yield break;
        // Kestrel itself refuses an address with U+0000 or octets that are no UTF-8 in its path, or of more than 8 kB, before any code of ours.
        if (text == "" && (status == 414 || status == 400 && BadPath().IsMatch(path.Split('?')[0]))) yield break;
        var page = new HtmlParser().ParseDocument(text);
        if (string.IsNullOrWhiteSpace(page.QuerySelector("h1")?.TextContent)) yield return $"{status} without a page";
        else if (page.DocumentElement.GetAttribute("lang") != language && !path.Contains("lang=", StringComparison.Ordinal))
            yield return $"{status} in another language";
    }

    private static async Task ForAllAsync<T>(IEnumerable<T> all, Func<T, Task> work) =>
        await Parallel.ForEachAsync(all.ToList(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => await work(one));

    /// <param name="fields">Percent-encoded.</param>
    private static ByteArrayContent Fields(params IEnumerable<(string Name, string Value)> fields) =>
        Raw(string.Join('&',
            fields.Where(field => field.Name != "")
            .Select(field => $"{field.Name}={(field.Name == "__RequestVerificationToken" && !field.Value.Contains('%') ? Uri.EscapeDataString(field.Value) : field.Value)}")), "application/x-www-form-urlencoded");

    private static ByteArrayContent Raw(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private static string Shown(string body) => UnicodeText.Shorten(Token().Replace(body, ""), 200);

    [GeneratedRegex(@"^\s+at [\w.<>`]+\(|Exception:|\.cs:line ", RegexOptions.Multiline)]
    private static partial Regex StackTrace();

    [GeneratedRegex(@"[\w.+]+@[\w-]+\.example")]
    private static partial Regex Address();

    [GeneratedRegex("%00|%E[DF]|%F[EF]", RegexOptions.IgnoreCase)]
    private static partial Regex BadPath();

    [GeneratedRegex("__RequestVerificationToken=[^&]*&?")]
    private static partial Regex Token();
}
