using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace SmaKom.Mailer.Tests.Support;

/// <summary>Reads pages and sends forms as a browser without script does: cookies kept, hidden fields sent along, redirects followed.</summary>
public sealed class PageReader : IDisposable
{
    private readonly HttpClient client;

    public PageReader(string url, string language = "sv", bool followRedirects = true)
    {
        client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = followRedirects })
        {
            BaseAddress = new Uri(url),
        };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    /// <summary>The last answer; its page is what the method gave.</summary>
    public HttpResponseMessage Answer { get; private set; } = null!;

    /// <summary>Where the redirects ended.</summary>
    public string Path => Answer.RequestMessage!.RequestUri!.PathAndQuery;

    public Task<IHtmlDocument> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>
    /// Sends the form that <paramref name="selector"/> names, with its own values changed by <paramref name="values"/>;
    /// a null value leaves the field out.
    /// </summary>
    public Task<IHtmlDocument> SubmitAsync(IHtmlDocument page, string selector, params (string Name, string? Value)[] values)
    {
        var form = page.QuerySelector<IHtmlFormElement>(selector)
            ?? throw new AssertionException($"No form {selector} in {Path}: {page.Body?.TextContent.Trim()}");
        var fields = FieldsOf(form);
        foreach (var (name, value) in values)
        {
            fields.RemoveAll(field => field.Key == name);
            if (value is not null) fields.Add(new(name, value));
        }

        var action = form.GetAttribute("action") is { Length: > 0 } given ? given : Path;
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>An answer that goes on for as long as somebody reads it.</summary>
    public Task<Stream> OpenAsync(string path) => client.GetStreamAsync(path);

    public async Task<IHtmlDocument> SendAsync(HttpRequestMessage request)
    {
        // A refusal by size comes before the body is read, and closes: who is still writing then would miss it.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 32 * 1024;
        Answer = await client.SendAsync(request);
        return new HtmlParser().ParseDocument(await Answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => client.Dispose();

    private static List<KeyValuePair<string, string>> FieldsOf(IHtmlFormElement form)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var element in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            var name = element.GetAttribute("name")!;
            var value = element switch
            {
                IHtmlInputElement { Type: "checkbox" or "radio" } box => box.IsChecked ? box.Value : null,
                IHtmlInputElement { Type: "submit" or "file" } => null,
                IHtmlInputElement input => input.Value,
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value,
                _ => null,
            };
            if (value is not null) fields.Add(new(name, value));
        }

        return fields;
    }
}
