using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Links that nobody answered when they were asked last.</summary>
public static class LinkAnswerChecks
{
    public static IEnumerable<IssueFlaw> Find(IssueContent content, IReadOnlyDictionary<string, KnownAnswer> known) => ContentPlaces.Links(content)
        .Where(link => known.ContainsKey(link.Url))
        .Select(link => Of(link.Place, known[link.Url])).OfType<IssueFlaw>();

    private static IssueFlaw? Of(string place, KnownAnswer known)
    {
        var url = IssueFlaw.Begin(known.Url);
        return known.Answer.Outcome switch
        {
            LinkOutcome.Missing => IssueFlaw.Warn(place, "LinkMissing", url, known.AskedAt),
            LinkOutcome.Failing => IssueFlaw.Warn(place, "LinkFailing", url, known.AskedAt),
            LinkOutcome.NoHost => IssueFlaw.Warn(place, "LinkNoHost", url, known.AskedAt),
            LinkOutcome.NoAnswer => IssueFlaw.Warn(place, "LinkNoAnswer", url, known.AskedAt),
            LinkOutcome.NoTrust => IssueFlaw.Warn(place, "LinkNoTrust", url, known.AskedAt),
            LinkOutcome.Private => IssueFlaw.Warn(place, "LinkPrivate", url, known.AskedAt),
            _ => null,
        };
    }
}
