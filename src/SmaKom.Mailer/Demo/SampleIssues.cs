using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Demo;

/// <param name="Content">With the media's ids in the place of file names.</param>
internal sealed record SampleIssue(string Slug, IssueContent Content, IReadOnlyList<Media> Pictures);

/// <summary>Reads <c>samples/issues/*/issue.json</c> and the pictures beside them, as they lie beside the program.</summary>
internal static class SampleIssues
{
    /// <summary>Oldest first.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was published without its samples.</exception>
    public static IEnumerable<SampleIssue> Read(DateTimeOffset now) =>
        Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "samples", "issues"))
            .Order(StringComparer.Ordinal)
            .Select(folder => ReadOne(folder, now));

    private static SampleIssue ReadOne(string folder, DateTimeOffset now)
    {
        var pictures = new Dictionary<string, Media>(StringComparer.Ordinal);
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "issue.json")))!;
        foreach (var picture in PicturesIn(document).ToList())
        {
            var file = picture["mediaId"]!.GetValue<string>();
            if (!pictures.TryGetValue(file, out var media)) pictures[file] = media = Stored(Path.Combine(folder, file), picture, now);
            picture["mediaId"] = media.Id;
        }

        return new(Path.GetFileName(folder), IssueContentJson.Deserialize(document.ToJsonString()), [.. pictures.Values]);
    }

    private static IEnumerable<JsonObject> PicturesIn(JsonNode? node) => node switch
    {
        JsonObject found => (found.ContainsKey("mediaId") ? [found] : Enumerable.Empty<JsonObject>())
            .Concat(found.SelectMany(property => PicturesIn(property.Value))),
        JsonArray list => list.SelectMany(PicturesIn),
        _ => [],
    };

    private static Media Stored(string file, JsonObject picture, DateTimeOffset now)
    {
        var bytes = File.ReadAllBytes(file);
        return new()
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16)),
            ContentType = Path.GetExtension(file) == ".png" ? "image/png" : "image/jpeg",
            Width = picture["width"]!.GetValue<int>(),
            Height = picture["height"]!.GetValue<int>(),
            Bytes = bytes,
            CreatedAt = now,
        };
    }
}
