using System.Globalization;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Words;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Compose;

/// <summary>A field that was filled in with something that it cannot hold.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Key">Which: <c>Date</c> or <c>Time</c>; of a person, those of <see cref="People.PersonSaved"/>.</param>
public sealed record FieldFault(string Field, string Key);

/// <summary>Width and height in pixels of the stored pictures that a form may name.</summary>
public delegate (int Width, int Height)? PictureSize(string mediaId);

/// <summary>
/// A part as the fields of its form, named as in the content's JSON within the part (<c>pictures[0].alt</c>), so that a
/// finding's place is the name of its field.
/// </summary>
public static class PartFields
{
    public const string Yes = "true";

    /// <summary>Pictures of an article, links of a contact: more than any letter has.</summary>
    internal const int MostInList = 20;

    /// <summary>As the form shows it.</summary>
    public static IReadOnlyDictionary<string, string> Of(object part)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (part)
        {
            case IssueContent head:
                (fields["subject"], fields["preheader"], fields["language"]) = (head.Subject, head.Preheader, head.Language);
                fields["headline"] = head.Headline ?? "";
                Write(fields, "leadPicture", head.LeadPicture);
                break;
            case Section section:
                fields["heading"] = section.Heading;
                break;
            case Article article:
                Write(fields, "", article);
                fields["layout"] = $"{article.Layout}";
                break;
            case TipsPair pair:
                Write(fields, "left.", pair.Left);
                Write(fields, "right.", pair.Right);
                break;
            case EventItem item:
                Write(fields, "", item);
                break;
            case ContactBlock contact:
                Write(fields, contact);
                break;
        }

        return fields;
    }

    /// <summary>The part with what the fields say. A field that is not there changes nothing; a list goes on for as long as its indices do.</summary>
    public static (object Part, IReadOnlyList<FieldFault> Faults) Apply(object part, IReadOnlyDictionary<string, string> fields, PictureSize size)
    {
        var read = new Reader(fields, size);
        object made = part switch
        {
            IssueContent head => head with
            {
                Subject = read.Line("subject", head.Subject),
                Headline = read.Optional("headline", head.Headline),
                Preheader = read.Line("preheader", head.Preheader),
                Language = Languages.Known(read.Line("language", head.Language)),
                LeadPicture = read.Picture("leadPicture", head.LeadPicture),
            },
            Section section => section with { Heading = read.Line("heading", section.Heading) },
            Article article => read.Article("", article) with { Layout = read.Layout(article.Layout) },
            TipsPair pair => pair with { Left = read.Half("left.", pair.Left), Right = read.Half("right.", pair.Right) },
            EventItem item => read.Event("", item),
            ContactBlock contact => read.Contact(contact),
            _ => part,
        };
        return (made, read.Faults);
    }

    /// <summary>One line of what was typed.</summary>
    public static string Line(string text) => UnicodeText.Line(text);

    /// <summary>Media that the fields name; an id is ASCII.</summary>
    public static string[] MediaIn(IReadOnlyDictionary<string, string> fields) =>
        [.. fields.Where(field => field.Key.EndsWith("ediaId", StringComparison.Ordinal)).Select(field => field.Value)
            .Where(id => id.All(c => c is > '\0' and < '\x7F')).Distinct(StringComparer.Ordinal)];

    private static void Write(Dictionary<string, string> fields, string prefix, Article article)
    {
        (fields[prefix + "kicker"], fields[prefix + "heading"], fields[prefix + "body"]) = (article.Kicker ?? "", article.Heading, article.Body);
        for (var i = 0; i < article.Pictures.Count; i++) Write(fields, $"{prefix}pictures[{i}]", article.Pictures[i]);
        (fields[prefix + "signature.name"], fields[prefix + "signature.role"]) = (article.Signature?.Name ?? "", article.Signature?.Role ?? "");
        Write(fields, prefix + "signature.portrait", article.Signature?.Portrait);
        for (var i = 0; i < article.CallsToAction.Count; i++)
        {
            var call = article.CallsToAction[i];
            (fields[$"{prefix}callsToAction[{i}].text"], fields[$"{prefix}callsToAction[{i}].url"]) = (call.Text, call.Url);
            fields[$"{prefix}callsToAction[{i}].primary"] = call.Primary ? Yes : "";
        }
    }

    private static void Write(Dictionary<string, string> fields, string name, Picture? picture)
    {
        fields[$"{name}.mediaId"] = picture?.MediaId ?? "";
        (fields[$"{name}.alt"], fields[$"{name}.decorative"]) = (picture?.Alt ?? "", picture is { Decorative: true } ? Yes : "");
        (fields[$"{name}.caption"], fields[$"{name}.credit"]) = (picture?.Caption ?? "", picture?.Credit ?? "");
        fields[$"{name}.focus"] = $"{picture?.Focus}";
    }

    private static void Write(Dictionary<string, string> fields, string prefix, Block half)
    {
        if (half is Article article) Write(fields, prefix, article);
        if (half is EventItem item) Write(fields, prefix, item);
    }

    private static void Write(Dictionary<string, string> fields, string prefix, EventItem item)
    {
        (fields[prefix + "name"], fields[prefix + "place"], fields[prefix + "link"]) = (item.Name, item.Place ?? "", item.Link ?? "");
        (fields[prefix + "linkText"], fields[prefix + "body"]) = (item.LinkText ?? "", item.Body ?? "");
        (fields[prefix + "start"], fields[prefix + "end"]) = (Day(item.Start == default ? null : item.Start), Day(item.End));
        (fields[prefix + "signUpBy"], fields[prefix + "startTime"], fields[prefix + "endTime"]) =
            (Day(item.SignUpBy), Clock(item.StartTime), Clock(item.EndTime));
        Write(fields, prefix + "picture", item.Picture);
    }

    private static void Write(Dictionary<string, string> fields, ContactBlock contact)
    {
        (fields["name"], fields["role"], fields["text"]) = (contact.Name, contact.Role ?? "", contact.Text ?? "");
        (fields["email"], fields["phone"], fields["site"]) = (contact.Email ?? "", contact.Phone ?? "", contact.Site ?? "");
        Write(fields, "portrait", contact.Portrait);
        for (var i = 0; i < contact.SocialLinks.Count; i++)
            (fields[$"socialLinks[{i}].name"], fields[$"socialLinks[{i}].url"]) = (contact.SocialLinks[i].Name, contact.SocialLinks[i].Url);
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Clock(TimeOnly? time) => time?.ToString(time.Value.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private sealed class Reader(IReadOnlyDictionary<string, string> fields, PictureSize size)
    {
        public List<FieldFault> Faults { get; } = [];

        public string Line(string name, string before) => fields.TryGetValue(name, out var text) ? PartFields.Line(text) : before;

        public ArticleLayout Layout(ArticleLayout before) =>
            EnumWord.Find<ArticleLayout>(fields.GetValueOrDefault("layout")) ?? before;

        public Article Article(string at, Article before) => before with
        {
            Kicker = Optional(at + "kicker", before.Kicker),
            Heading = Line(at + "heading", before.Heading),
            Body = Text(at + "body", before.Body),
            Pictures = List(at + "pictures", "mediaId", before.Pictures, (name, old) => Picture(name, old)),
            Signature = Signature(at + "signature", before.Signature),
            CallsToAction = List(at + "callsToAction", "text", before.CallsToAction, Call),
        };

        /// <summary>Of a pair that was removed meanwhile, and comes back as a new one, the form's fields say which half was an event.</summary>
        public Block Half(string at, Block before) => before switch
        {
            Article { IsEmpty: true } when fields.ContainsKey(at + "start") => Event(at, new() { Name = "", Start = default }),
            EventItem item => Event(at, item),
            _ => Article(at, (Article)before),
        };

        public EventItem Event(string at, EventItem before) => before with
        {
            Name = Line(at + "name", before.Name),
            Start = Day(at + "start", before.Start == default ? null : before.Start) ?? default,
            End = Day(at + "end", before.End),
            StartTime = Clock(at + "startTime", before.StartTime),
            EndTime = Clock(at + "endTime", before.EndTime),
            Place = Optional(at + "place", before.Place),
            Link = Optional(at + "link", before.Link),
            LinkText = Optional(at + "linkText", before.LinkText),
            SignUpBy = Day(at + "signUpBy", before.SignUpBy),
            Body = Text(at + "body", before.Body ?? "") is { } body && !string.IsNullOrWhiteSpace(body) ? body : null,
            Picture = Picture(at + "picture", before.Picture),
        };

        public ContactBlock Contact(ContactBlock before) => before with
        {
            Name = Line("name", before.Name),
            Role = Optional("role", before.Role),
            Text = Optional("text", before.Text),
            Email = Optional("email", before.Email),
            Phone = Optional("phone", before.Phone),
            Site = Optional("site", before.Site),
            Portrait = Picture("portrait", before.Portrait),
            SocialLinks = List("socialLinks", "name", before.SocialLinks, SocialLink),
        };

        public Picture? Picture(string name, Picture? before)
        {
            var media = Line($"{name}.mediaId", before?.MediaId ?? "");
            if (media == "") return null;
            // A picture that is not stored (any more) stays what it was.
            if (media != before?.MediaId && size(media) is null) return before;
            var (width, height) = media == before?.MediaId ? (before.Width, before.Height) : size(media)!.Value;
            return new()
            {
                MediaId = media,
                Width = width,
                Height = height,
                Alt = Line($"{name}.alt", before?.Alt ?? ""),
                Decorative = fields.TryGetValue($"{name}.decorative", out var decorative) ? decorative == Yes : before?.Decorative ?? false,
                Caption = Optional($"{name}.caption", before?.Caption),
                Credit = Optional($"{name}.credit", before?.Credit),
                Focus = fields.TryGetValue($"{name}.focus", out var focus) ? EnumWord.Find<PictureFocus>(focus) : before?.Focus,
            };
        }

        private Signature? Signature(string name, Signature? before)
        {
            var (who, role, portrait) =
                (Line($"{name}.name", before?.Name ?? ""), Optional($"{name}.role", before?.Role), Picture($"{name}.portrait", before?.Portrait));
            return who == "" && role is null && portrait is null ? null : new() { Name = who, Role = role, Portrait = portrait };
        }

        private CallToAction? Call(string name, CallToAction? before)
        {
            var (text, url) = (Line($"{name}.text", before?.Text ?? ""), Line($"{name}.url", before?.Url ?? ""));
            var primary = fields.TryGetValue($"{name}.primary", out var word) ? word == Yes : before?.Primary ?? false;
            return text == "" && url == "" ? null : new() { Text = text, Url = url, Primary = primary };
        }

        private SocialLink? SocialLink(string name, SocialLink? before)
        {
            var (network, url) = (Line($"{name}.name", before?.Name ?? ""), Line($"{name}.url", before?.Url ?? ""));
            return network == "" && url == "" ? null : new() { Name = network, Url = url };
        }

        // A form without the list leaves it as it is.
        private IReadOnlyList<T> List<T>(string name, string first, IReadOnlyList<T> before, Func<string, T?, T?> read) where T : class
        {
            if (!fields.ContainsKey($"{name}[0].{first}")) return before;
            var list = new List<T>();
            for (var i = 0; i < MostInList && fields.ContainsKey($"{name}[{i}].{first}"); i++)
                if (read($"{name}[{i}]", before.ElementAtOrDefault(i)) is { } item) list.Add(item);
            return list;
        }

        public string? Optional(string name, string? before) => Line(name, before ?? "") is { Length: > 0 } text ? text : null;

        private string Text(string name, string before) =>
            fields.TryGetValue(name, out var text) ? UnicodeText.WellFormed(text.ReplaceLineEndings("\n")) : before;

        private DateOnly? Day(string name, DateOnly? before)
        {
            if (!fields.TryGetValue(name, out var text)) return before;
            if (string.IsNullOrWhiteSpace(text)) return null;
            if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && day.Year is >= 2000 and <= 2999) return day;
            Faults.Add(new(name, "Date"));
            return before;
        }

        private TimeOnly? Clock(string name, TimeOnly? before)
        {
            if (!fields.TryGetValue(name, out var text)) return before;
            if (string.IsNullOrWhiteSpace(text)) return null;
            if (TimeOnly.TryParseExact(text.Trim(), ["HH:mm", "H:mm", "HH.mm", "H.mm", "HH:mm:ss"], CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var time)) return time;
            Faults.Add(new(name, "Time"));
            return before;
        }
    }
}
