using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>Parts and their changes in words.</summary>
public sealed class PartNames(IStringLocalizer<ComposeWords> words)
{
    private const int LongestName = 60;

    /// <summary>Artikel · Ruta · Tips · Händelse …</summary>
    public string Kind(DraftPart part) => part.Value is Article { Layout: ArticleLayout.Box } ? words["Kind.Box"] : Kind(part.Kind);

    public string Kind(PartKind kind) => words[$"Kind.{kind}"];

    /// <summary>Its heading, or what it is and that it has none.</summary>
    public string Title(DraftPart part) => part.Title is { Length: > 0 } title ? title : words[$"Untitled.{part.Kind}"];

    /// <summary>A field's short name by the last word of its own, as <c>heading</c> of <c>left.heading</c>; null: it has none.</summary>
    public string? Field(string field) =>
        words[$"Short.{field[(field.LastIndexOf('.') + 1)..]}"] is { ResourceNotFound: false } known ? known.Value : null;

    /// <summary>Ändrade artikeln ”Höstmötet”</summary>
    public string Change(Difference difference) => difference.Kind is { } kind
        ? words[$"Change.{difference.Change}", words[$"The.{kind}"],
            difference.Title is { Length: > 0 } title ? $" ”{UnicodeText.Shorten(title, LongestName)}”" : ""]
        : words[$"Change.{difference.Change}"];
}
