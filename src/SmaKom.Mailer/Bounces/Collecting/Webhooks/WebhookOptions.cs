using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Bounces.Collecting.Webhooks;

/// <summary>
/// Bounces and complaints that a mail provider calls us with (section <c>Webhooks</c>), at <c>/inkommande/PROVIDER/SECRET</c>. A provider
/// whose secret is not set is not answered. A secret is 24 letters or more of a–z, A–Z, 0–9, - and _, such as <c>openssl rand -hex 24</c>
/// makes.
/// </summary>
public sealed class WebhookOptions
{
    /// <summary>Amazon SES through SNS, whose own signature is checked as well: <c>/inkommande/ses/SECRET</c>.</summary>
    public string SesSecret { get; set; } = "";

    /// <summary>ARN of the only topic that is taken, and whose subscription is confirmed; needed with <see cref="SesSecret"/>.</summary>
    public string SesTopic { get; set; } = "";

    /// <summary><c>/inkommande/mailgun/SECRET</c>.</summary>
    public string MailgunSecret { get; set; } = "";

    /// <summary>"HTTP webhook signing key"; needed with <see cref="MailgunSecret"/>.</summary>
    public string MailgunSigningKey { get; set; } = "";

    /// <summary><c>/inkommande/postmark/SECRET</c>: Postmark signs nothing, so the secret is all.</summary>
    public string PostmarkSecret { get; set; } = "";

    /// <summary><c>/inkommande/sendgrid/SECRET</c>.</summary>
    public string SendGridSecret { get; set; } = "";

    /// <summary>"Verification key" of the signed event webhook, base64; needed with <see cref="SendGridSecret"/>.</summary>
    public string SendGridPublicKey { get; set; } = "";

    /// <summary><c>/inkommande/brevo/SECRET</c>: Brevo signs nothing, so the secret is all.</summary>
    public string BrevoSecret { get; set; } = "";

    /// <returns>Empty: the provider is not answered.</returns>
    internal string SecretOf(string provider) => provider switch
    {
        "ses" => SesSecret,
        "mailgun" => MailgunSecret,
        "postmark" => PostmarkSecret,
        "sendgrid" => SendGridSecret,
        "brevo" => BrevoSecret,
        _ => "",
    };

    internal sealed class Validation : IValidateOptions<WebhookOptions>
    {
        private const int ShortestSecret = 24;

        public ValidateOptionsResult Validate(string? name, WebhookOptions options)
        {
            var problems = new List<string>();
            foreach (var (setting, secret) in new[] { (nameof(SesSecret), options.SesSecret), (nameof(MailgunSecret), options.MailgunSecret),
                (nameof(PostmarkSecret), options.PostmarkSecret), (nameof(SendGridSecret), options.SendGridSecret),
                (nameof(BrevoSecret), options.BrevoSecret) })
                if (secret != "" && (secret.Length < ShortestSecret || !secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
                    problems.Add(SettingWords.Say("Webhooks.Secret", setting));
            foreach (var (setting, value, secret) in new[] { (nameof(SesTopic), options.SesTopic, options.SesSecret),
                (nameof(MailgunSigningKey), options.MailgunSigningKey, options.MailgunSecret) })
                if (secret != "" && value == "") problems.Add(SettingWords.Say("Webhooks.Needed", setting));
            if (options.SendGridSecret != "" && !IsKey(options.SendGridPublicKey)) problems.Add(SettingWords.Say("Webhooks.Key"));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static bool IsKey(string text)
        {
            try
            {
                using var key = ECDsa.Create();
                key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
                return true;
            }
            catch (Exception e) when (e is FormatException or CryptographicException)
            {
                return false;
            }
        }
    }
}
