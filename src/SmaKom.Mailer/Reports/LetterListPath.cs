using System.Globalization;
using SmaKom.Mailer.Deliveries;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Reports;

/// <summary>
/// A filter in an address and back, so that a filtered list can be kept and shared. Mail addresses never stand there: addresses of pages end up
/// in histories and logs. One person is named by number.
/// </summary>
public static class LetterListPath
{
    /// <summary>GET's query, or the hidden fields of a form.</summary>
    /// <exception cref="BadHttpRequestException">It names a state or a number that there is not.</exception>
    public static DeliveryFilter Read(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> values)
    {
        var given = values.ToDictionary(v => v.Key, v => v.Value);
        return new()
        {
            State = Text("lage") is { } word ? EnumWord.Read<DeliveryState>(word) : null,
            Domain = Text("doman")?.ToLowerInvariant(),
            Reason = Text("orsak"),
            Code = Text("kod"),
            SubscriberId = Text("prenumerant") is { } subscriber ? Number(subscriber) : null,
            Ids = (Text("urval"), Chosen()) switch
            {
                // A button for chosen ones, and none ticked, must never mean all.
                ("valda", var chosen) => chosen,
                ("alla", _) or (_, []) => null,
                (_, var chosen) => chosen,
            },
        };

        List<long> Chosen() => [.. given.GetValueOrDefault("id").Select(Number)];

        string? Text(string name) =>
            given.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value.ToString()) ? value.ToString().Trim() : null;
    }

    /// <summary>The filter as names and values; chosen letters are <c>id</c>, once for each.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Fields(DeliveryFilter filter)
    {
        if (filter.State is { } state) yield return new("lage", state.ToString().ToLowerInvariant());
        if (filter.Domain is { } domain) yield return new("doman", domain);
        if (filter.Reason is { } reason) yield return new("orsak", reason);
        if (filter.Code is { } code) yield return new("kod", code);
        if (filter.SubscriberId is { } subscriber) yield return new("prenumerant", subscriber.ToString(CultureInfo.InvariantCulture));
        foreach (var id in filter.Ids ?? []) yield return new("id", id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>/admin/utskick/7/brev?lage=refused</summary>
    public static string Of(int issueId, DeliveryFilter filter, params IEnumerable<KeyValuePair<string, string?>> more) =>
        $"/admin/utskick/{issueId}/brev{QueryString.Create(Fields(filter with { Ids = null }).Concat(more))}";

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new BadHttpRequestException("No number of a letter.");
}
