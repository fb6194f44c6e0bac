using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>Takes a webhook apart: each event with the provider's own name for it, by which a repeated one is known.</summary>
internal static class WebhookEvents
{
    /// <exception cref="FormatException">Not as this provider writes it.</exception>
    public static IEnumerable<(string Key, byte[] Json)> Of(string provider, JsonElement body)
    {
        switch (provider)
        {
            case "ses":
                // Beside notifications there is only the farewell of a subscription.
                if (Text(body, "Type") == "Notification") yield return (Needed(body, "MessageId"), Encoding.UTF8.GetBytes(Needed(body, "Message")));
                break;
            case "mailgun":
                if (!body.TryGetProperty("event-data", out var data)) throw new FormatException("event-data is missing");
                yield return (Needed(data, "id"), Bytes(data));
                break;
            case "postmark":
                yield return ($"{Needed(body, "RecordType")}:{Text(body, "ID") ?? $"{Needed(body, "MessageID")}:{Hash(body)}"}", Bytes(body));
                break;
            case "sendgrid":
                foreach (var one in body.EnumerateArray()) yield return (Needed(one, "sg_event_id"), Bytes(one));
                break;
            default:
                // Brevo's id is the webhook's: an event is its letter, kind and time.
                foreach (var one in body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body])
                {
                    var letter = string.Join('\n', Needed(one, "message-id"), Text(one, "email"), Text(one, "ts_event") ?? Text(one, "ts"));
                    yield return ($"{Needed(one, "event")}:{Hash(letter)}", Bytes(one));
                }

                break;
        }
    }

    private static string? Text(JsonElement of, string name) => WebhookSignatures.Text(of, name);

    private static string Needed(JsonElement of, string name) =>
        Text(of, name) is { Length: > 0 } value ? value : throw new FormatException($"{name} is missing");

    private static byte[] Bytes(JsonElement json) => Encoding.UTF8.GetBytes(json.GetRawText());

    private static string Hash(JsonElement json) => Hash(json.GetRawText());

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
