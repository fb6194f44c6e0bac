namespace SmaKom.Mailer.Issues.Pages;

/// <summary>What a preview shows the letter as.</summary>
public enum PreviewView
{
    Desktop,
    Phone,
    /// <summary>In the dark theme's colours, whatever the browser prefers; the others are in the light one's.</summary>
    Dark,
    /// <summary>As in a mail program that fetches none.</summary>
    WithoutPictures,
    /// <summary>The text part.</summary>
    Text,
    /// <summary>As it will stand in the archive.</summary>
    WebPage,
}

/// <summary>The views by their words in an address.</summary>
public static class PreviewViews
{
    /// <summary>Name of the query's field.</summary>
    public const string Field = "visa";

    public static IReadOnlyList<(string Word, PreviewView View)> All { get; } =
    [
        ("dator", PreviewView.Desktop), ("telefon", PreviewView.Phone), ("morkt", PreviewView.Dark), ("utan-bilder", PreviewView.WithoutPictures),
        ("text", PreviewView.Text), ("webbsida", PreviewView.WebPage),
    ];

    /// <param name="word">Of an address; one that is unknown or missing is the first.</param>
    public static PreviewView Of(string? word) => All.FirstOrDefault(view => view.Word == word, All[0]).View;

    public static string WordOf(PreviewView shown) => All.First(view => view.View == shown).Word;
}
