using Microsoft.Extensions.Localization;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Accounts.Frame;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues.Compose.Pages;

/// <summary>Who else has a draft open, in words: once for whoever loads its page, and again at each change (<c>presence.js</c>).</summary>
public sealed class PresenceNews(
    Presence presence, DraftStore drafts, LocalText text, DatabaseClock time, IStringLocalizer<ComposeWords> words, LiveEvents live)
{
    /// <summary>After an issue's address.</summary>
    public const string Path = "/skriv/narvaro";

    private const string ViewField = "vy", LeavesField = "lamnar";
    private const int LongestName = 60, LongestId = 64;

    private readonly SharedQuery<int, Draft?> read = new(issue => drafts.ReadAsync(issue, CancellationToken.None), TimeSpan.FromSeconds(1), time);

    internal static void Map(RouteGroupBuilder issue)
    {
        issue.MapPost(Path, TakeAsync).WithMetadata(new UnattendedRequest());
        issue.MapGet(Path, (int id, string vy, HttpContext context, PresenceNews news) => news.Watch(id, vy, context))
            .WithMetadata(new UnattendedRequest());
    }

    /// <summary>Notes that somebody loads the page, and gives who else is there; empty: nobody.</summary>
    public async Task<string> ArriveAsync(int issue, Actor actor, string? part, CancellationToken ct)
    {
        await presence.ArriveAsync(issue, actor, "", part, ct);
        return await SentencesAsync(issue, Others(await presence.ListAsync(issue, ct), actor.Name), ct);
    }

    private static async Task<IResult> TakeAsync(int id, HttpContext context, Presence presence)
    {
        if (await ComposeEndpoints.FormAsync(context) is not { } form) return Results.BadRequest();
        var (view, part) = (form[ViewField].ToString(), form[ComposeEndpoints.PartField].ToString());
        if (!IsId(view) || part.Length > LongestId) return Results.BadRequest();
        var (actor, ct) = (Actor.Of(context.User), context.RequestAborted);
        if (form[LeavesField].ToString() == "") await presence.ArriveAsync(id, actor, view, part == "" ? null : part, ct);
        else await presence.LeaveAsync(id, actor, view, ct);
        return Results.NoContent();
    }

    private IResult Watch(int issue, string view, HttpContext context)
    {
        if (!IsId(view)) return Results.BadRequest();
        var me = Actor.Of(context.User).Name;
        var met = new SortedSet<string>(StringComparer.Ordinal);
        return live.Answer(context, async ct =>
        {
            var all = await presence.ListAsync(issue, ct);
            var others = Others(all, me);
            var isTwice = IsTwice(all, me, view);
            var line = $"{await SentencesAsync(issue, others, ct)} {(isTwice ? words["Presence.Self"] : "")}".Trim();
            return new("", new Dictionary<string, string> { ["others"] = line }, null, [.. Said(others, isTwice, met)], false);
        });
    }

    /// <summary>What is read out: who came and who went, and not what they do.</summary>
    private IEnumerable<string> Said(IReadOnlyList<Visitor> others, bool isTwice, SortedSet<string> met)
    {
        var now = others.Select(other => other.Who).ToHashSet(StringComparer.Ordinal);
        met.UnionWith(now);
        foreach (var who in met) yield return now.Contains(who) ? $"{words["Presence.Has", who]}." : words["Presence.Left", who];
        if (isTwice) yield return words["Presence.Self"];
    }

    // Each person by the page that spoke last.
    private static List<Visitor> Others(IEnumerable<Visitor> all, string me) => [.. all.Where(one => one.Who != me).DistinctBy(one => one.Who)];

    // Of the page before this one it is known by then that it is gone.
    private static bool IsTwice(IReadOnlyList<Visitor> all, string me, string view) =>
        all.Any(one => one.Who == me && one.View == view && one.Since > Presence.Turn)
        && all.Any(one => one.Who == me && one.View != view && one is { View: not "", IsLeaving: false });

    private async Task<string> SentencesAsync(int issue, List<Visitor> others, CancellationToken ct)
    {
        if (others.Count == 0) return "";
        var content = (await read.GetAsync(issue, ct))?.Content;
        return string.Join(' ', others.Select(other => Sentence(other, content)));
    }

    /// <summary>Karin har också numret öppet och är i artikeln ”Höstmötet”, skrev senast 14.02.</summary>
    private string Sentence(Visitor other, IssueContent? content)
    {
        var part = content is null ? null : DraftPart.Find(content, other.Part);
        return words["Presence.Has", other.Who] + (part is null ? "" : words["Presence.In", NameOf(part)])
            + (other.WroteAt is { } at ? words["Presence.Wrote", IsToday(at) ? text.Clock(at) : text.Short(at)] : "") + ".";
    }

    private bool IsToday(DateTimeOffset at) => text.Local(at).Date == text.Local(time.GetUtcNow()).Date;

    private string NameOf(DraftPart part) => part.Title is { Length: > 0 } title && part.Kind != PartKind.Head
        ? $"{words[$"The.{part.Kind}"]} ”{UnicodeText.Shorten(title, LongestName)}”" : words[$"The.{part.Kind}"];

    private static bool IsId(string view) => view.Length is > 0 and <= LongestId && view.All(char.IsAsciiLetterOrDigit);
}
