using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>Half of a pair: an article, as it always was, or an event, which says so by its "kind".</summary>
internal sealed class HalfJson : JsonConverter<Block>
{
    public override Block Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var half = JsonDocument.ParseValue(ref reader);
        if (half.RootElement.ValueKind == JsonValueKind.Object && !half.RootElement.TryGetProperty("kind", out _))
            return half.Deserialize<Article>(options)!;
        return half.Deserialize<Block>(options) is { } block and (Article or EventItem) ? block
            : throw new JsonException("Half of a pair is an article or an event.");
    }

    public override void Write(Utf8JsonWriter writer, Block value, JsonSerializerOptions options)
    {
        if (value is Article article) JsonSerializer.Serialize(writer, article, options);
        else JsonSerializer.Serialize(writer, value, options);
    }
}
