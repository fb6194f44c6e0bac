using System.Globalization;
using System.Text.Json;
using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>Understands a provider's event, as <see cref="ReturnReader"/> does a mail.</summary>
/// <remarks>
/// A provider's "hard" is a claim: what the receiving server said decides, where it is told. What a provider did not even try, for its own list of
/// addresses, proves nothing new and is <see cref="BounceClass.Ambiguous"/>; what it calls soft is never <see cref="BounceClass.Hard"/>.
/// </remarks>
public static class ProviderEvent
{
    private const int LongestWords = 500;

    /// <param name="provider"><c>ses</c>, <c>mailgun</c>, <c>postmark</c>, <c>sendgrid</c> or <c>brevo</c>.</param>
    /// <exception cref="FormatException">Not as this provider writes it.</exception>
    public static ReturnedMail Read(string provider, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 20 });
            var body = document.RootElement;
            return provider switch
            {
                "ses" => Ses(body),
                "mailgun" => Mailgun(body),
                "postmark" => Postmark(body),
                "sendgrid" => SendGrid(body),
                "brevo" => Brevo(body),
                _ => throw new FormatException($"There is no provider {provider}"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("Not an event of this provider", e);
        }
    }

    private static ReturnedMail Ses(JsonElement body)
    {
        var mail = Part(body, "mail");
        var about = new About(Text(Part(mail, "commonHeaders"), "messageId") ?? HeaderOf(mail, "Message-ID"), Text(mail, "source"));
        switch (Text(body, "notificationType") ?? Text(body, "eventType"))
        {
            case "Bounce":
                var bounce = Part(body, "bounce");
                var (isTransient, kind) = (Text(bounce, "bounceType") == "Transient", Text(bounce, "bounceSubType") ?? "");
                var refused = All(bounce, "bouncedRecipients").Select(one => kind switch
                {
                    "Suppressed" or "OnAccountSuppressionList" =>
                        Fixed(Text(one, "emailAddress"), BounceClass.Ambiguous, Words(one, "diagnosticCode"), $"ses {kind}"),
                    _ => Judged(Text(one, "emailAddress"), SaidCodes.Status(Text(one, "status")), null, Words(one, "diagnosticCode"), isTransient,
                        kind switch
                        {
                            "MailboxFull" => BounceClass.Soft,
                            "MessageTooLarge" or "ContentRejected" or "AttachmentRejected" => BounceClass.Ours,
                            _ => isTransient ? BounceClass.Soft : BounceClass.Ambiguous,
                        }, $"ses {kind}"),
                });
                return about.Mail(ReturnKind.Bounce, [.. refused]);
            case "Complaint":
                return about.Mail(ReturnKind.Complaint, [.. All(Part(body, "complaint"), "complainedRecipients").Select(one =>
                    Fixed(Text(one, "emailAddress"), BounceClass.Complaint, "", "ses Complaint"))]);
            case "Delivery": return about.Mail(ReturnKind.Delivered, []);
            case "DeliveryDelay": return about.Mail(ReturnKind.Delayed, []);
            default: return about.Mail(ReturnKind.Other, []);
        }
    }

    private static ReturnedMail Mailgun(JsonElement body)
    {
        var (address, status) = (Text(body, "recipient"), Part(body, "delivery-status"));
        var about = new About(Text(Part(Part(body, "message"), "headers"), "message-id"), Text(Part(body, "envelope"), "sender"));
        switch (Text(body, "event"))
        {
            case "failed" when Text(body, "severity") == "temporary": return about.Mail(ReturnKind.Delayed, []);
            case "failed":
                var reason = Text(body, "reason") ?? "";
                var words = Words(status, "message") is { Length: > 0 } said ? said : Words(status, "description");
                return about.Mail(ReturnKind.Bounce, [reason.StartsWith("suppress-", StringComparison.Ordinal)
                    ? Fixed(address, BounceClass.Ambiguous, words, $"mailgun {reason}")
                    : Judged(address, SaidCodes.Status(Text(status, "enhanced-code")), Code(Text(status, "code")), words, isSoft: false,
                        reason == "old" ? BounceClass.Soft : BounceClass.Ambiguous, $"mailgun {reason}")]);
            case "complained": return about.Mail(ReturnKind.Complaint, [Fixed(address, BounceClass.Complaint, "", "mailgun complained")]);
            case "delivered": return about.Mail(ReturnKind.Delivered, []);
            default: return about.Mail(ReturnKind.Other, []);
        }
    }

    private static ReturnedMail Postmark(JsonElement body)
    {
        var (address, type) = (Text(body, "Email") ?? Text(body, "Recipient"), Text(body, "Type") ?? "");
        // Postmark replaces our Message-ID, and tells its own: what we gave with the letter says more, where we gave it.
        var about = new About(Text(Part(body, "Metadata"), "message-id") ?? Text(body, "MessageID"), null);
        switch (Text(body, "RecordType"))
        {
            case var record when record == "SpamComplaint" || type == "SpamComplaint":
                return about.Mail(ReturnKind.Complaint, [Fixed(address, BounceClass.Complaint, "", "postmark SpamComplaint")]);
            case "Bounce" when type is "AutoResponder" or "AddressChange" or "ChallengeVerification": return about.Mail(ReturnKind.AutoReply, []);
            case "Bounce" when type is "Transient" or "DnsError": return about.Mail(ReturnKind.Delayed, []);
            case "Bounce" when type is "Subscribe" or "Unsubscribe" or "OpenRelayTest" or "VirusNotification":
                return about.Mail(ReturnKind.Other, []);
            case "Bounce" when type is "ManuallyDeactivated" or "Unconfirmed":
                return about.Mail(ReturnKind.Bounce, [Fixed(address, BounceClass.Ambiguous, Words(body, "Details"), $"postmark {type}")]);
            case "Bounce":
                return about.Mail(ReturnKind.Bounce, [Judged(address, null, null, Words(body, "Details"), type == "SoftBounce", type switch
                {
                    "SoftBounce" => BounceClass.Soft,
                    "SpamNotification" or "Blocked" or "DMARCPolicy" or "SMTPApiError" or "TemplateRenderingFailed" => BounceClass.Ours,
                    _ => BounceClass.Ambiguous,
                }, $"postmark {type}")]);
            case "Delivery": return about.Mail(ReturnKind.Delivered, []);
            default: return about.Mail(ReturnKind.Other, []);
        }
    }

    private static ReturnedMail SendGrid(JsonElement body)
    {
        var (address, reason) = (Text(body, "email"), Words(body, "reason"));
        var about = new About(Text(body, "smtp-id"), null);
        switch (Text(body, "event"))
        {
            case "bounce":
                var isBlocked = Text(body, "type") == "blocked";
                return about.Mail(ReturnKind.Bounce, [Judged(address, SaidCodes.Status(Text(body, "status")), null, reason, isSoft: isBlocked,
                    isBlocked ? BounceClass.Soft : BounceClass.Ambiguous, $"sendgrid {Text(body, "type") ?? "bounce"}")]);
            // Not tried: its own list, or our fault.
            case "dropped":
                return about.Mail(ReturnKind.Bounce, [Fixed(address,
                    reason is "Bounced Address" or "Invalid" ? BounceClass.Ambiguous : BounceClass.Ours, reason, "sendgrid dropped")]);
            case "spamreport": return about.Mail(ReturnKind.Complaint, [Fixed(address, BounceClass.Complaint, "", "sendgrid spamreport")]);
            case "deferred": return about.Mail(ReturnKind.Delayed, []);
            case "delivered": return about.Mail(ReturnKind.Delivered, []);
            default: return about.Mail(ReturnKind.Other, []);
        }
    }

    private static ReturnedMail Brevo(JsonElement body)
    {
        var (address, reason) = (Text(body, "email"), Words(body, "reason"));
        var about = new About(Text(body, "message-id"), null);
        var name = Text(body, "event") ?? "";
        return name switch
        {
            "hard_bounce" or "soft_bounce" => about.Mail(ReturnKind.Bounce, [Judged(address, null, null, reason, isSoft: name == "soft_bounce",
                name == "soft_bounce" ? BounceClass.Soft : BounceClass.Ambiguous, $"brevo {name}")]),
            "invalid_email" => about.Mail(ReturnKind.Bounce, [Fixed(address, BounceClass.Ambiguous, reason, "brevo invalid_email")]),
            "blocked" or "error" => about.Mail(ReturnKind.Bounce, [Fixed(address, BounceClass.Ours, reason, $"brevo {name}")]),
            "spam" or "complaint" => about.Mail(ReturnKind.Complaint, [Fixed(address, BounceClass.Complaint, "", $"brevo {name}")]),
            "deferred" => about.Mail(ReturnKind.Delayed, []),
            "delivered" => about.Mail(ReturnKind.Delivered, []),
            _ => about.Mail(ReturnKind.Other, []),
        };
    }

    private static ReturnedRecipient Fixed(string? address, BounceClass found, string words, string rule) =>
        ReturnReader.Recipient(address, new Judgement(found, IsOfDomain: false, rule, IsByWords: false), null, null, words);

    private static ReturnedRecipient Judged(
        string? address, EnhancedCode? status, int? code, string words, bool isSoft, BounceClass byType, string rule)
    {
        if (words == "" && status is null && code is null) return Fixed(address, byType, "", rule);
        var judged = ReturnReader.Judge(address, status, code, words);
        return judged.Class switch
        {
            BounceClass.NotABounce => judged with { Class = byType, Rule = rule },
            BounceClass.Hard when isSoft => judged with { Class = BounceClass.Soft, Rule = $"{judged.Rule}, {rule}" },
            _ => judged,
        };
    }

    private static JsonElement Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : default;

    private static IEnumerable<JsonElement> All(JsonElement of, string name) =>
        Part(of, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? Text(JsonElement of, string name) =>
        WebhookSignatures.Text(of, name) is { Length: > 0 } text ? text : null;

    private static string Words(JsonElement of, string name) =>
        UnicodeText.Truncate(UnicodeText.Line(Text(of, name) ?? ""), LongestWords);

    private static string? HeaderOf(JsonElement mail, string name) =>
        All(mail, "headers").Where(header => string.Equals(Text(header, "name"), name, StringComparison.OrdinalIgnoreCase))
            .Select(header => Text(header, "value")).FirstOrDefault();

    private static int? Code(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 200 and < 600 ? code : null;

    private readonly record struct About(string? MessageId, string? ReturnPath)
    {
        public ReturnedMail Mail(ReturnKind kind, IReadOnlyList<ReturnedRecipient> recipients) => new(kind, recipients)
        {
            MessageIds = MessageId?.Trim(' ', '<', '>') is { Length: > 0 } id ? [id] : [],
            ReturnPaths = ReturnPath is { } path ? [path] : [],
        };
    }
}
