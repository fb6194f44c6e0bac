using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>Whether a webhook is the provider's own, by what the provider signs.</summary>
internal static class WebhookSignatures
{
    /// <summary>Older ones are refused. Providers try for hours to reach whoever did not answer; a repeated event is one row all the same.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromHours(12);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>HMAC-SHA-256 over time stamp and token: not over the event, so the secret in the path and the age count too.</summary>
    public static bool IsMailgun(JsonElement body, string signingKey, DateTimeOffset now) =>
        body.TryGetProperty("signature", out var signature) && signature.ValueKind == JsonValueKind.Object
        && Text(signature, "timestamp") is { } stamp && Text(signature, "token") is { } token && Text(signature, "signature") is { } given
        && IsTimely(stamp, now)
        && IsSame(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingKey), Encoding.UTF8.GetBytes(stamp + token))), given);

    /// <summary>ECDSA over the header's time stamp and the body's octets.</summary>
    public static bool IsSendGrid(ReadOnlySpan<byte> body, string? stamp, string? signature, string publicKey, DateTimeOffset now)
    {
        if (stamp is null || signature is null || !IsTimely(stamp, now)) return false;
        var given = new byte[signature.Length];
        if (!Convert.TryFromBase64String(signature, given, out var length)) return false;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        return key.VerifyData(
            [.. Encoding.UTF8.GetBytes(stamp), .. body], given.AsSpan(0, length), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>RSA over the fields by name, as SNS puts them together.</summary>
    public static bool IsSns(JsonElement body, RSA key)
    {
        var isNotification = Text(body, "Type") == "Notification";
        string[] fields = isNotification ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
            : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
        var signed = new StringBuilder();
        foreach (var field in fields)
            if (Text(body, field) is { } value) signed.Append(field).Append('\n').Append(value).Append('\n');
            else if (field != "Subject") return false;
        if (Text(body, "Signature") is not { } signature) return false;
        var given = new byte[signature.Length];
        HashAlgorithmName? hash = Text(body, "SignatureVersion") switch { "1" => HashAlgorithmName.SHA1, "2" => HashAlgorithmName.SHA256, _ => null };
        return hash is { } algorithm && Convert.TryFromBase64String(signature, given, out var length)
            && key.VerifyData(Encoding.UTF8.GetBytes(signed.ToString()), given.AsSpan(0, length), algorithm, RSASignaturePadding.Pkcs1);
    }

    /// <summary>In a time that does not tell how much of it is right.</summary>
    public static bool IsSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));

    /// <summary>A field that is text or a number; null: there is none such.</summary>
    public static string? Text(JsonElement of, string name) =>
        of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };

    // Seconds since 1970.
    private static bool IsTimely(string stamp, DateTimeOffset now) =>
        long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds - now.ToUnixTimeSeconds() is var off && off <= Ahead.TotalSeconds && off >= -Oldest.TotalSeconds;
}
