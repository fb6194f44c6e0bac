using System.Text.Json;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>A notice of Amazon SES as JSON, which its message service can send as a mail.</summary>
internal static class ProviderNotice
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 20 };

    /// <summary>Null: it is none.</summary>
    public static (ReturnKind, IReadOnlyList<ReturnedRecipient>)? Read(string text)
    {
        var start = text.TrimStart();
        if (!start.StartsWith('{') || !start.Contains("Type\"", StringComparison.Ordinal)) return null;
        try
        {
            // What follows the object is a footer; "!" and a line end are put into lines of more than 990 octets.
            var end = start.IndexOf("\n--", StringComparison.Ordinal);
            var whole = (end < 0 ? start : start[..end]).ReplaceLineEndings("\n").Replace("!\n ", "", StringComparison.Ordinal)
                .Replace("\n", "", StringComparison.Ordinal);
            using var json = JsonDocument.Parse(whole, Limits);
            return Of(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (ReturnKind, IReadOnlyList<ReturnedRecipient>)? Of(JsonElement notice) =>
        (Text(notice, "notificationType") ?? Text(notice, "eventType")) switch
        {
            "Bounce" => (ReturnKind.Bounce, Each(Part(Part(notice, "bounce"), "bouncedRecipients"), Bounced)),
            "Complaint" => (ReturnKind.Complaint, Each(Part(Part(notice, "complaint"), "complainedRecipients"), Complained)),
            "Delivery" => (ReturnKind.Delivered, []),
            _ => null,
        };

    private static ReturnedRecipient Bounced(JsonElement one) =>
        ReturnReader.Judge(Address(one), SaidCodes.Status(Text(one, "status")), null, Text(one, "diagnosticCode") ?? "");

    private static ReturnedRecipient Complained(JsonElement one) =>
        new(Address(one), BounceClass.Complaint, null, null, "", false, "feedback of Amazon SES");

    private static IReadOnlyList<ReturnedRecipient> Each(JsonElement list, Func<JsonElement, ReturnedRecipient> recipient) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Take(100).Select(recipient)] : [];

    private static string? Address(JsonElement recipient) => Text(recipient, "emailAddress") is { } address ? UnicodeText.Line(address) : null;

    private static JsonElement Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : default;

    private static string? Text(JsonElement of, string name) =>
        Part(of, name) is { ValueKind: JsonValueKind.String } text ? UnicodeText.WellFormed(text.GetString()!) : null;
}
