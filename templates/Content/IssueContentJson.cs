using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>The stored form: camelCase, enums as words, nulls left out.</summary>
public static class IssueContentJson
{
    /// <summary>For columns and endpoints that carry content.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    public static string Serialize(IssueContent content) => JsonSerializer.Serialize(content, Options);

    /// <exception cref="JsonException">Not this shape: a required property missing, an unknown kind, a wrong type.</exception>
    public static IssueContent Deserialize(string json) =>
        JsonSerializer.Deserialize<IssueContent>(json, Options) ?? throw new JsonException("The content is null.");

    /// <summary>Null: not this shape, as when a later version has written it.</summary>
    public static IssueContent? Find(string json)
    {
        try
        {
            return Deserialize(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // JSONB keeps keys by length, so "kind" comes back after "body".
            AllowOutOfOrderMetadataProperties = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // A misspelt property is a lost text: better a refusal at import than silence.
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            // "required" asks for the key; this asks for its value too, so that "heading": null is refused here.
            RespectNullableAnnotations = true,
            // Stored and shown to people; never written into a page unencoded.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = true,
            NewLine = "\n",
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
