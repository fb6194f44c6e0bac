using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Templates;

namespace SmaKom.Mailer.Web;

/// <summary>The newsletter in the middle of a sentence: its name is whatever the settings say, and would not stand there by itself.</summary>
public sealed class NewsletterName(Theme theme, IStringLocalizer<WebWords> words)
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly bool isNamed = theme.NewsletterName != new Theme().NewsletterName;

    /// <summary>nyhetsbrevet (Månadsbladet) · the newsletter (Månadsbladet)</summary>
    public string Plain => isNamed ? words["Newsletter.Named", theme.NewsletterName] : words["Newsletter"];

    /// <summary>The sentence as HTML, the name marked as Swedish where the page is not.</summary>
    /// <param name="sentence">{0} is the newsletter, {1} … the <paramref name="others"/>.</param>
    public MarkupString In(LocalizedString sentence, params string[] others) =>
        new(string.Format(CultureInfo.CurrentCulture, Html.Encode(sentence.Value), [Marked(), .. others.Select(Html.Encode)]));

    /// <summary>What is called so; null: the newsletter.</summary>
    public string PlainOf(string? list) => list is null ? Plain : words["Newsletter.List", list];

    /// <summary>nyhetsbrevet, ”Kurser” och ”Inbjudningar”</summary>
    public string PlainOf(IReadOnlyList<string?> lists) => lists.Count < 2 ? string.Concat(lists.Select(PlainOf))
        : words["Newsletter.And", string.Join(", ", lists.SkipLast(1).Select(PlainOf)), PlainOf(lists[^1])];

    /// <summary>The same for a list of another name; null: the newsletter.</summary>
    public MarkupString In(string? list, LocalizedString sentence, params string[] others) => list is null ? In(sentence, others)
        : new(string.Format(CultureInfo.CurrentCulture, Html.Encode(sentence.Value),
            [Html.Encode(words["Newsletter.List", list]), .. others.Select(Html.Encode)]));

    private string Marked()
    {
        if (!isNamed || CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "sv") return Html.Encode(Plain);
        var name = $"<span lang=\"sv\">{Html.Encode(theme.NewsletterName)}</span>";
        return string.Format(CultureInfo.CurrentCulture, Html.Encode(words["Newsletter.Named"].Value), name);
    }
}
