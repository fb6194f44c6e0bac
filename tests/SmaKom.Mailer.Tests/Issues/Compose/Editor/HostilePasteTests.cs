using System.Runtime.InteropServices;
using AngleSharp.Html.Parser;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Markup;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose.Editor;

/// <summary>Nothing that a clipboard holds (<see cref="HostilePastes"/>) runs, asks anybody, or comes into a letter.</summary>
public sealed class HostilePasteTests : EditorPage
{
    private static readonly string[] Allowed = ["http://", "https://", "mailto:", "tel:", "/", "#"];

    private const string PasteAndRead =
        """
        all => {
          const [text, html] = all.map(coded => coded && read(coded));
          function read(coded) {
            const octets = Uint8Array.from(atob(coded), sign => sign.charCodeAt(0));
            return Array.from(new Uint16Array(octets.buffer), unit => String.fromCharCode(unit)).join("");
          }
          const place = document.querySelector("rich-text");
          place.field.value = "";
          place.field.dispatchEvent(new Event("fill"));
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          if (html) clipboardData.setData("text/html", html);
          const page = place.querySelector(".text");
          page.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
          const strange = [...page.querySelectorAll("*")].filter(part => !/^(p|h3|blockquote|ul|ol|li|a|strong|em|br)$/.test(part.localName)
            && !part.classList.contains("ProseMirror-separator")
            || [...part.attributes].some(({ name }) => name.startsWith("on") || name === "style"));
          return [place.field.value.toWellFormed(), strange.map(part => part.outerHTML).join(), String(window.ran ?? "")];
        }
        """;

    [Test]
    public async Task Nothing_runs_and_nothing_active_comes_into_a_letter()
    {
        await OpenTextAsync();
        var asked = new List<string>();
        Page.Request += (_, request) => asked.Add(request.Url);
        Page.PageError += (_, fault) => asked.Add($"fault: {fault}");
        Page.FrameNavigated += (_, frame) => asked.Add($"went: {frame.Url}");
        var found = new Dictionary<string, string>();
        foreach (var (name, html, text) in HostilePastes.All())
        {
            var answer = await Page.EvaluateAsync<string[]>(PasteAndRead, new[] { Coded(text), Coded(html) });
            // Also in a document that nothing can run in, the browser tells of each handler that the page's policy would refuse.
            Chromium.Complaints.RemoveAll(complaint => complaint.Contains("Executing inline event handler", StringComparison.Ordinal));
            Assert.That(Chromium.Complaints, Is.Empty, name);
            Assert.That(answer[1..], Is.EqualTo(new[] { "", "" }), name);
            Assert.That(Strange(new MarkdownBody(answer[0]).ToString()), Is.Empty, name);
            found.Add(name, answer[0]);
        }

        Assert.That(found, Has.Count.GreaterThanOrEqualTo(60));
        Assert.That(found.Values.Where(markdown => markdown.Length > 200_000), Is.Empty, "too long for any letter");
        Assert.That(
            asked.Where(address => !address.StartsWith(Host.Url, StringComparison.Ordinal) || address.Contains("hostile", StringComparison.Ordinal)),
            Is.Empty);
        await NothingActiveInTheLetterAsync(found);
    }

    // An article of each, as a save stores it (PartFields), rendered as it is sent.
    private async Task NothingActiveInTheLetterAsync(Dictionary<string, string> found)
    {
        var articles = found.Select(one => (Block)new Article { Heading = one.Key, Body = UnicodeText.WellFormed(one.Value) });
        var content = new IssueContent
        {
            Year = 2027,
            Month = 1,
            Subject = "Inklistrat",
            Preheader = "",
            Sections = [new() { Heading = "Allt", Blocks = [.. articles] }],
        };
        var letter = await Database.IssueAsync("2027-01");
        await Database.ScalarAsync<int>("UPDATE issue SET content = $1::jsonb WHERE id = $2 RETURNING id",
            new() { Value = IssueContentJson.Serialize(content) }, new() { Value = letter });
        foreach (var view in new[] { "dator", "webbsida" })
        {
            var page = await Chromium.OpenLoggedInAsync(Host.Url, $"/redaktion/nummer/{letter}/forhandsvisning?visa={view}");
            Assert.That(await page.EvaluateAsync<bool>("window.ran === undefined"), view);
            Assert.That(await page.Locator("h3").CountAsync(), Is.GreaterThanOrEqualTo(found.Count), view);
            Assert.That(Strange(await page.ContentAsync()), Is.Empty, view);
        }
    }

    // As it is, with halves of pairs that no JSON can hold.
    private static string? Coded(string? text) => text is null ? null : Convert.ToBase64String(MemoryMarshal.AsBytes(text.AsSpan()));

    private static List<string> Strange(string html)
    {
        var page = new HtmlParser().ParseDocument(html);
        return
        [
            .. page.QuerySelectorAll("script, iframe, object, embed, form, input, svg, math, template, base, meta[http-equiv=refresh]")
                .Select(part => part.OuterHtml),
            .. page.All.SelectMany(part => part.Attributes).Where(one => one.Name.StartsWith("on", StringComparison.Ordinal)).Select(one => one.Name),
            .. page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!)
                .Where(address => !Allowed.Any(start => address.StartsWith(start, StringComparison.Ordinal))),
        ];
    }
}
