using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Tests.Templates;

/// <summary>The web body in the smallest page that can hold it.</summary>
public static class WebPage
{
    public static async Task<string> Of(string issue, LetterSurface surface) =>
        Around(await SampleLetters.Renderer.RenderWebBodyAsync(SampleLetters.Content(issue), SampleLetters.Context(issue, surface)));

    public static string Around(string body) =>
        $$"""
            <!DOCTYPE html>
            <html lang="sv">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Arkiv</title>
            <style>body{margin:0;background:#FBFAF7}@media (prefers-color-scheme:dark){body{background:#14201E} }main{padding:1.5rem 1rem}
            {{LetterCss.For(new Theme())}}</style></head>
            <body><main>
            {{body}}
            </main></body>
            </html>
            """;
}
