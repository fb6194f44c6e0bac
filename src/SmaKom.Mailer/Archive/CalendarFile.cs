using System.Globalization;
using System.Text;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Templates;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Templates.Markup;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Archive;

/// <summary>
/// Events as a file that calendar programs read (RFC 5545), to subscribe to or to take one from. Clock times are those of the site's zone.
/// </summary>
public sealed class CalendarFile(PublicCalendar calendar, IOptions<SiteOptions> site, IOptions<SenderOptions> sender, Theme theme)
{
    private const string Type = "text/calendar; charset=utf-8";

    /// <summary>How often a program that subscribes should look (RFC 7986 §5.7).</summary>
    private const string Interval = "PT12H";

    public async Task<IResult> AllAsync(CancellationToken ct)
    {
        var file = File(await calendar.EventsAsync(ct));
        var name = $"{sender.Value.Organisation} – {theme.NewsletterName}";
        file.AddProperty("NAME", name);
        file.AddProperty("X-WR-CALNAME", name);
        file.AddProperty("X-WR-TIMEZONE", site.Value.TimeZone);
        file.AddProperty("REFRESH-INTERVAL;VALUE=DURATION", Interval);
        file.AddProperty("X-PUBLISHED-TTL", Interval);
        return Answer(file);
    }

    /// <summary>404: no issue that the public sees tells of such an event.</summary>
    public async Task<IResult> OneAsync(string id, CancellationToken ct) =>
        (await calendar.EventsAsync(ct)).FirstOrDefault(one => one.Id == id) is { } found ? Answer(File([found])) : Results.NotFound();

    private static IResult Answer(Ical.Net.Calendar file)
    {
        // Ical.Net writes numbers as the reader's language has them, and Swedish has a minus sign of its own.
        var language = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return Results.Bytes(Encoding.UTF8.GetBytes(new CalendarSerializer(file).SerializeToString() ?? ""), Type);
        }
        finally
        {
            CultureInfo.CurrentCulture = language;
        }
    }

    private Ical.Net.Calendar File(IReadOnlyList<PublicEvent> events)
    {
        var file = new Ical.Net.Calendar { ProductId = "-//SmaKom Mailer//NONSGML//SV", Method = "PUBLISH" };
        if (events.Any(one => one.Item.StartTime is not null))
            file.AddTimeZone(VTimeZone.FromDateTimeZone(site.Value.TimeZone, RulesFrom(events), false));
        foreach (var one in events) file.Events.Add(Event(one));
        return file;
    }

    // The time zone's rules from the first event on. Ical.Net knows none that begin later than today; when it was told of, has been.
    private static DateTime RulesFrom(IReadOnlyList<PublicEvent> events) =>
        events.Min(one => one.Item.Start.ToDateTime(default) is var start && start < one.ToldAt.UtcDateTime ? start : one.ToldAt.UtcDateTime);

    private CalendarEvent Event(PublicEvent one)
    {
        var item = one.Item;
        var page = site.Value.PublicUrl + ArchivePath.Of(one.Slug);
        var told = new CalDateTime(one.ToldAt.UtcDateTime);
        var made = new CalendarEvent
        {
            Uid = $"{one.Id}@{new Uri(site.Value.PublicUrl).Host}",
            DtStamp = told,
            LastModified = told,
            Summary = item.Name,
            Location = item.Place,
            Description = Description(item, page),
            Url = new Uri(item.Link is { } link && LinkTarget.IsWebAddress(link) ? LinkTarget.Ascii(link) : page),
            Start = At(item.Start, item.StartTime),
        };
        // Of whole days the end is the day after the last (RFC 5545 §3.6.1); of a clock time without an end, nobody knows.
        if (item.StartTime is null) made.End = new CalDateTime(one.LastDay.AddDays(1));
        else if (item.EndTime is not null || item.End is not null) made.End = At(one.LastDay, item.EndTime ?? new TimeOnly(23, 59));
        return made;
    }

    private CalDateTime At(DateOnly day, TimeOnly? time) => time is null ? new(day) : new(day, time, site.Value.TimeZone);

    private static string Description(EventItem item, string page)
    {
        var words = new LetterWords("sv");
        var dates = new LetterDates("sv");
        var parts = new List<string>();
        if (item.Body is { } body) parts.Add(BodyText.Plain(body));
        if (item.SignUpBy is { } last) parts.Add($"{words["SignUpBy"]} {dates.Day(last)}");
        parts.Add(page);
        return string.Join("\n\n", parts);
    }
}
