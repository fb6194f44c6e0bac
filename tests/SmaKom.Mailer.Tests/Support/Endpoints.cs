using System.Net;
using System.Reflection;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using SmaKom.Mailer.Demo;
using SmaKom.Mailer.Links;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>One address of the site for one method, as the program has mapped it.</summary>
/// <param name="Route">As it was written: <c>/admin/utskick/{Id:int}</c>.</param>
/// <param name="Queries">What its page reads from the query; empty: it is no page.</param>
public sealed record MappedEndpoint(string Method, string Route, IReadOnlyList<string> Queries)
{
    public override string ToString() => $"{Method} {Route}";
}

/// <summary>Every address that a host answers: a new one is among them without anybody's doing.</summary>
public static class Endpoints
{
    public static IReadOnlyList<MappedEndpoint> All(TestHost host) =>
    [
        .. host.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(endpoint =>
            (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Where(method => method is "GET" or "POST")
                .Select(method => new MappedEndpoint(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), Queries(endpoint)))).Distinct(),
    ];

    /// <summary>The address with each of its parameters filled in by <paramref name="value"/>, which gets the parameter as it is written.</summary>
    public static string Path(this MappedEndpoint endpoint, Func<string, string> value) =>
        System.Text.RegularExpressions.Regex.Replace(endpoint.Route, @"\{[^}]+\}", parameter => value(parameter.Value));

    /// <summary>An address that leads to something, of a database with <see cref="GivenHistory.AutumnAsync"/>.</summary>
    public static string LivePath(this MappedEndpoint endpoint, TestHost host) => endpoint.Path(parameter => endpoint.Route.Split('/')[1] switch
    {
        "avsluta" => host.Get<LinkSigner>().Token(LinkPurpose.Unsubscribe, new(1, 1)),
        "uppgifter" => host.Get<LinkSigner>().Token(LinkPurpose.Preferences, new(1, 1)),
        "brev" => host.Get<LinkSigner>().Token(LinkPurpose.Letter, new(1, 1)),
        "arkiv" => parameter.StartsWith("{Year", StringComparison.Ordinal) ? "2026" : "september",
        "hangfire" => "",
        _ => "1",
    });

    private static IReadOnlyList<string> Queries(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is not { } page ? [] :
        [.. page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => (property.GetCustomAttribute<SupplyParameterFromQueryAttribute>(), property.Name)).Where(one => one.Item1 is not null)
                .Select(one => one.Item1!.Name ?? one.Name)];
}

/// <summary>
/// Sends what no browser would, byte for byte, as nobody or as somebody logged in; follows nothing and keeps no cookie that it is given.
/// </summary>
public sealed class RawClient : IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 8 });
    private readonly string url;
    private string cookies = "";

    public RawClient(string url) => this.url = url;

    /// <summary>What a form of the logged-in person carries; null: nobody is logged in.</summary>
    public string? Token { get; private set; }

    public static async Task<RawClient> LogInAsync(TestHost host)
    {
        var jar = new CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = jar }) { BaseAddress = new Uri(host.Url) };
        var login = Form(await browser.GetStringAsync("/logga-in"), "form.card");
        using var answer = await browser.PostAsync("/logga-in", new FormUrlEncodedContent(
            [new("_handler", "login"), new("__RequestVerificationToken", login), new("Email", SampleData.LoginEmail),
                new("Password", SampleData.LoginPassword)]));
        var token = Form(await browser.GetStringAsync("/redaktion/prenumeranter"), "form.search");
        return new(host.Url) { Token = token, cookies = jar.GetCookieHeader(new Uri(host.Url)) };
    }

    /// <param name="path">Percent-encoded, with its query.</param>
    public async Task<(HttpResponseMessage Answer, string Body)> SendAsync(string method, string path, HttpContent? body = null,
        string language = "sv", string? host = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method),
            new Uri(url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        { Content = body };
        request.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.8");
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        if (cookies != "") request.Headers.TryAddWithoutValidation("Cookie", cookies);
        if (host is not null) request.Headers.TryAddWithoutValidation("Host", host);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // A stream of events never ends.
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream") answer.Dispose();
        return (answer, answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => client.Dispose();

    private static string Form(string page, string selector) =>
        new HtmlParser().ParseDocument(page).QuerySelector<IHtmlInputElement>($"{selector} input[name=__RequestVerificationToken]")!.Value;
}
