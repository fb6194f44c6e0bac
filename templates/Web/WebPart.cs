using Microsoft.AspNetCore.Components;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Templates.Web;

/// <summary>What the parts of a letter on the web share.</summary>
public abstract class WebPart : ComponentBase
{
    [CascadingParameter] public required Typesetting Set { get; set; }

    public const string LevelName = "level";

    /// <summary>Of the headings of articles and events: one below the heading that they stand under.</summary>
    [CascadingParameter(Name = LevelName)] public int Level { get; set; } = 3;

    /// <summary>A preview's name of a part of the content; null elsewhere.</summary>
    protected string? Mark(object part) => Set.Context.MarkOf?.Invoke(part);

    /// <summary>Markdown that staff have written, as elements without styles.</summary>
    protected MarkupString Body(string markdown) => new(new MarkdownBody(markdown, headingLevel: Level + 1).ToString());
}
