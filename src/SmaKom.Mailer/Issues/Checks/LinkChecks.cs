using System.Net;
using System.Text.RegularExpressions;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Markup;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Links as they are written: where they lead, and what they say. Whether anybody answers there is another check's.</summary>
internal static partial class LinkChecks
{
    /// <summary>
    /// Words that say nothing when read out of their sentence, as screen readers list links (WCAG 2.2, 2.4.4 and 2.4.9). Compared as
    /// <see cref="PlainText.Key"/>.
    /// </summary>
    private static readonly HashSet<string> Vague = new[]
    {
        "här", "hit", "läs mer", "läs mer här", "läs här", "läs vidare", "mer", "mer info", "mer information", "mer här", "klicka", "klicka här",
        "tryck här", "se här", "se mer", "länk", "länken", "denna länk", "den här länken", "följ länken", "via länken", "på länken", "webbplats",
        "hemsida", "sidan", "öppna", "ladda ner", "ladda ned", "anmälan", "anmäl dig här", "info", "besök",
        "here", "read more", "read more here", "read on", "more", "more info", "more information", "learn more", "click", "click here", "see here",
        "see more", "link", "this link", "follow this link", "website", "open", "download", "info here", "go",
    }.Select(PlainText.Key).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<IssueFlaw> Find(IssueContent content)
    {
        var links = ContentPlaces.Links(content).ToList();
        return links.SelectMany(OfOne).Concat(SameWords(links))
            .Concat(ContentPlaces.Bodies(content).SelectMany(body => InWords(body.Place, body.Markdown)));
    }

    /// <summary>What was meant as a link or a picture, and goes out as its words.</summary>
    private static IEnumerable<IssueFlaw> InWords(string place, string markdown) =>
    [
        .. LooksLikeLink().Matches(BodyText.Plain(markdown)).Select(typed => IssueFlaw.Block(place, "LinkBroken", IssueFlaw.Begin(typed.Value))),
        .. BodyText.Pictures(markdown).Select(words => IssueFlaw.Warn(place, "PictureInText", IssueFlaw.Begin(words))),
    ];

    private static IEnumerable<IssueFlaw> OfOne(PlacedLink link)
    {
        if (FaultOf(link) is { } fault) yield return IssueFlaw.Block(link.Place, fault, IssueFlaw.Begin(link.Url));
        else if (link.Url.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
            yield return IssueFlaw.Warn(link.Place, "LinkUnencrypted", IssueFlaw.Begin(link.Url));
        if (IsVague(link)) yield return IssueFlaw.Warn(link.WordsPlace, "LinkVague", link.Words!);
    }

    /// <summary>Null: readers can follow it. Fields of their own are looked at by the content's rules for what may be linked to at all.</summary>
    private static string? FaultOf(PlacedLink link)
    {
        if (!LinkTarget.IsAllowed(link.Url)) return link.InBody ? "LinkNotAllowed" : null;
        var address = new Uri(link.Url);
        if (address.Scheme == Uri.UriSchemeMailto)
            return Recipients(link.Url).All(recipient => EmailAddress.TryParse(recipient, out _, out _)) ? null : "LinkMailAddress";
        if (address.Scheme == "tel") return address.AbsolutePath.Any(char.IsAsciiDigit) ? null : "LinkPhone";
        return address.UserInfo.Length > 0 ? "LinkWithPassword" : IsReachable(address) ? null : "LinkWithoutHost";
    }

    private static string[] Recipients(string url) =>
        Uri.UnescapeDataString(url.Split(':', 2)[1].Split('?')[0]).Split(',', StringSplitOptions.TrimEntries);

    // A name without a dot is known in an office's own network only, as is a private address.
    private static bool IsReachable(Uri address) => IPAddress.TryParse(address.IdnHost, out var ip)
        ? PublicAddress.Is(ip)
        : address.IdnHost.Trim('.').Contains('.', StringComparison.Ordinal) && !address.IsLoopback;

    private static bool IsVague(PlacedLink link) => link.Words is { } words && Vague.Contains(PlainText.Key(words));

    // Told once for each text, at its second place.
    private static IEnumerable<IssueFlaw> SameWords(List<PlacedLink> links) => links
        .Where(link => link.Words is not null && LinkTarget.IsAllowed(link.Url) && !IsVague(link) && PlainText.Key(link.Words).Length > 0)
        .GroupBy(link => PlainText.Key(link.Words!), StringComparer.Ordinal)
        .Select(same => (First: same.First(), Other: same.FirstOrDefault(link => Target(link) != Target(same.First()))))
        .Where(pair => pair.Other is not null)
        .Select(pair => IssueFlaw.Warn(pair.Other!.WordsPlace, "LinkSameWords", pair.Other.Words!,
            IssueFlaw.Begin(pair.First.Url), IssueFlaw.Begin(pair.Other.Url)));

    private static string Target(PlacedLink link) => link.Url.TrimEnd('/').ToLowerInvariant();

    // [words](place), or [words] (https://…) with a blank that does not belong there.
    [GeneratedRegex(@"\[[^\[\]\n]+\](\([^()\n]*\)| \((https?:|www\.|mailto:)[^()\n]*\))", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeLink();
}
