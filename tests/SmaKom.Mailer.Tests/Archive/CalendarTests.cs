using System.Net;
using System.Text;
using System.Text.Json;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Mail;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Archive;

/// <summary>The events of the public's issues, on the page and as files, which Python's <c>icalendar</c> reads.</summary>
public sealed class CalendarTests : SiteFixture
{
    private static readonly EventItem Clock = new()
    {
        Name = "Höstmötet; med årsmöte, och \"mera\"",
        Start = new(2035, 7, 6),
        StartTime = new(9, 0),
        EndTime = new(15, 30),
        Place = "Gransele, bygdegården",
        Body = "Kaffe från **åtta**.\n\n- Ordförande: Bo",
        SignUpBy = new(2035, 6, 20),
        Link = "https://example.org/höst",
    };

    private static readonly EventItem Winter = new() { Name = "Vintermöte", Start = new(2035, 1, 9), StartTime = new(18, 0) };
    private static readonly EventItem Days = new() { Name = "Konferens", Start = new(2035, 2, 27), End = new(2035, 3, 1), Place = "Ånäset" };
    private static readonly EventItem Past = new() { Name = "Det som har varit", Start = new(2020, 5, 4) };

    private const string Script = """
        import base64, icalendar, json, sys
        for line in sys.stdin:
            calendar = icalendar.Calendar.from_ical(base64.b64decode(line))
            out = []
            for event in calendar.walk('VEVENT'):
                start, end = event['DTSTART'].dt, event['DTEND'].dt if 'DTEND' in event else None
                utc = lambda at: at.astimezone(__import__('datetime').timezone.utc).isoformat() if hasattr(at, 'hour') else at and at.isoformat()
                out.append({'Name': str(event['SUMMARY']), 'Uid': str(event['UID']), 'Start': utc(start), 'End': utc(end),
                            'Place': str(event.get('LOCATION', '')), 'Text': str(event['DESCRIPTION']),
                            'Url': str(event['URL']), 'Stamp': 'DTSTAMP' in event})
            print(json.dumps({'Version': str(calendar['VERSION']), 'Name': str(calendar.get('X-WR-CALNAME', '')),
                              'Zones': [str(z['TZID']) for z in calendar.walk('VTIMEZONE')],
                              'Errors': [str(e) for part in calendar.walk() for e in part.errors], 'Events': out}))
        """;

    private PageReader reader = null!;

    protected override async Task<TestHost> StartHostAsync()
    {
        await Database.PublicIssueAsync("2026-09", Given.Content("Ett", "På gång", Past, Clock with { Body = "En äldre text." }));
        await Database.PublicIssueAsync("2026-10", Given.Content("Två", "På gång",
            new TipsPair { Left = Days, Right = Clock with { Name = Clock.Name.ToUpperInvariant() } }, Winter));
        await Database.PublicIssueAsync("2026-12", Given.Content("Hemligt", "Snart",
            new EventItem { Name = "Hemligt", Start = new(2035, 1, 1) }), "draft");
        return await StartWebAsync(("Site:PublicUrl", "https://nyhetsbrev.smakom.example"));
    }

    [OneTimeSetUp]
    public void OpenReader() => reader = new PageReader(Host.Url);

    [OneTimeTearDown]
    public void CloseReader() => reader.Dispose();

    [Test]
    public async Task Another_program_reads_the_same_events_at_the_same_times()
    {
        var read = Read(await FileAsync("/kalender.ics"));

        Assert.That(read.Errors, Is.Empty);
        Assert.That((read.Version, read.Name, string.Join(' ', read.Zones)), Is.EqualTo(("2.0", "SmåKom – Nyhetsbrev", "Europe/Stockholm")));
        // Local times: an hour ahead of UTC in winter, two in summer. Of whole days the end is the day after the last.
        Assert.That(read.Events.Select(one => (one.Name, one.Start, one.End)), Is.EqualTo(new[]
        {
            (Past.Name, "2020-05-04", "2020-05-05"),
            (Winter.Name, "2035-01-09T17:00:00+00:00", null),
            (Days.Name, "2035-02-27", "2035-03-02"),
            (Clock.Name.ToUpperInvariant(), "2035-07-06T07:00:00+00:00", "2035-07-06T13:30:00+00:00"),
        }), "an event that two issues tell of is one, as the newer has it");
        var clock = read.Events[^1];
        Assert.That(clock.Place, Is.EqualTo(Clock.Place));
        Assert.That(clock.Text, Does.Contain("Kaffe från åtta.\nOrdförande: Bo").And.Contain("20 juni 2035").And.Contain("/arkiv/2026/oktober"));
        Assert.That(clock.Url, Is.EqualTo("https://example.org/h%C3%B6st"));
        Assert.That(read.Events.Select(one => one.Uid), Is.Unique.And.All.Match("^[a-z2-7]{16}@nyhetsbrev\\.smakom\\.example$"));
    }

    [Test]
    public async Task One_event_is_a_file_with_the_same_name()
    {
        var all = Read(await FileAsync("/kalender.ics"));
        var page = await reader.GetAsync("/kalender");
        var link = page.QuerySelectorAll(".events li").Single(li => li.TextContent.Contains(Winter.Name))
            .QuerySelector("a[href$='.ics']")!.GetAttribute("href")!;

        var one = Read(await FileAsync(link));

        Assert.That(one.Events.Single().Uid, Is.EqualTo(all.Events.Single(other => other.Name == Winter.Name).Uid));
        await reader.GetAsync("/kalender/aaaaaaaaaaaaaaaa.ics");
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Lines_are_as_long_as_the_standard_has_them()
    {
        var file = await FileAsync("/kalender.ics");

        Assert.That(reader.Answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/calendar"));
        var lines = Encoding.UTF8.GetString(file).Split("\r\n");
        Assert.That(lines.Select(line => Encoding.UTF8.GetByteCount(line)), Has.All.LessThanOrEqualTo(75), "RFC 5545 §3.1");
        Assert.That(lines, Has.None.Contains("\n"));
    }

    [Test]
    public async Task The_page_has_what_is_coming_by_month_and_folds_what_has_been()
    {
        var page = await reader.GetAsync("/kalender");

        Assert.That(page.QuerySelectorAll("section h2").Select(h => h.TextContent),
            Is.EqualTo(new[] { "januari 2035", "februari 2035", "juli 2035", "Ha den i din egen kalender" }));
        Assert.That(page.QuerySelectorAll("section .events li").Length, Is.EqualTo(3));
        Assert.That(page.QuerySelector("details.past")!.TextContent, Does.Contain("1 händelse som har varit").And.Contain(Past.Name));
        Assert.That(page.QuerySelector("a[href^='webcal://']")!.GetAttribute("href"), Is.EqualTo("webcal://nyhetsbrev.smakom.example/kalender.ics"));
        Assert.That(page.Body!.TextContent, Does.Not.Contain("Hemligt"));
    }

    private async Task<byte[]> FileAsync(string path)
    {
        await reader.GetAsync(path);
        Assert.That(reader.Answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await reader.Answer.Content.ReadAsByteArrayAsync();
    }

    private static ReadCalendar Read(byte[] file) => JsonSerializer.Deserialize<ReadCalendar>(
        OutsideReader.Run("apt-get install python3-icalendar", "/usr/bin/python3", Script, [file]).Single())!;

    private sealed record ReadCalendar(string Version, string Name, string[] Zones, string[] Errors, ReadEvent[] Events);

    private sealed record ReadEvent(string Name, string Uid, string Start, string? End, string Place, string Text, string Url, bool Stamp);
}
