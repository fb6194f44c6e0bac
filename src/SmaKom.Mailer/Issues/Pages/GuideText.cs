using Markdig;

namespace SmaKom.Mailer.Issues.Pages;

/// <summary>The guide for staff, <c>docs/guide/forsta-utgavan.md</c>, whose pictures are files of the site.</summary>
public sealed class GuideText(IWebHostEnvironment environment)
{
    private const string Folder = "hjalp";

    private readonly Lazy<string> html = new(() => Markdown
        .ToHtml(File.ReadAllText(Path.Combine(environment.WebRootPath, Folder, "forsta-utgavan.md")))
        .Replace("<img src=\"", $"<img src=\"/{Folder}/", StringComparison.Ordinal));

    public string Html => html.Value;
}
