using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Settings;

/// <summary>Who writes (section <c>Sender</c>): stands in From, in the footer and on the pages.</summary>
public sealed class SenderOptions
{
    /// <summary>The organisation's name; also the display name in From.</summary>
    public string Organisation { get; set; } = "SmåKom";

    /// <summary>From of every letter. Its domain is also that of Message-ID and of the DKIM signature.</summary>
    public string Address { get; set => field = UnicodeText.TrimBlank(value); } = "nyhetsbrev@example.org";

    /// <summary>Where replies go; null = <see cref="Address"/>.</summary>
    public string? ReplyTo { get; set => field = value is null ? null : UnicodeText.TrimBlank(value); }

    /// <summary>Domain of the return path, in which bounces are received; null = the domain of <see cref="Address"/>.</summary>
    public string? ReturnPathDomain { get; set; }

    /// <summary>Where readers reach a person (footer, List-Owner).</summary>
    public string ContactEmail { get; set => field = UnicodeText.TrimBlank(value); } = "kansli@example.org";

    /// <summary>In the footer; null = none.</summary>
    public string? Phone { get; set; }

    /// <summary>Required: every letter must carry one.</summary>
    public string PostalAddress { get; set; } = "";

    /// <summary>The organisation's own site.</summary>
    public string Site { get; set; } = "https://example.org";

    /// <summary>List-Id (RFC 2919), stable for ever; null = <c>nyhetsbrev.</c> + domain of <see cref="Address"/>.</summary>
    public string? ListId { get; set; }

    public string Domain => EmailAddress.Parse(Address).Domain;

    internal sealed class Validation : IValidateOptions<SenderOptions>
    {
        public ValidateOptionsResult Validate(string? name, SenderOptions options)
        {
            var problems = new List<string>();
            CheckAddress("Address", options.Address, problems);
            CheckAddress("ContactEmail", options.ContactEmail, problems);
            if (options.ReplyTo is not null) CheckAddress("ReplyTo", options.ReplyTo, problems);
            if (string.IsNullOrWhiteSpace(options.Organisation)) problems.Add(SettingWords.Say("Sender.Organisation"));
            if (string.IsNullOrWhiteSpace(options.PostalAddress)) problems.Add(SettingWords.Say("Sender.PostalAddress"));
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static void CheckAddress(string setting, string value, List<string> problems)
        {
            if (!EmailAddress.TryParse(value, out _, out _))
                problems.Add(SettingWords.Say("Sender.Mail", setting, value));
        }
    }
}
