using Microsoft.Extensions.Options;
using SmaKom.Mailer.Mail;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Templates.Markup;

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

    /// <summary>
    /// A mailbox that is read for mail from people who want to leave (RFC 2369 §3.2); each letter's head names it beside the link. Set it when
    /// somebody, or a program, reads it: who has written to it must be signed off. Null = none.
    /// </summary>
    public string? UnsubscribeMailbox { get; set => field = value is null ? null : UnicodeText.TrimBlank(value); }

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

    /// <summary>The domain of return paths, as A-label.</summary>
    public string BounceDomain => ReturnPathDomain is null ? Domain : EmailAddress.Parse($"x@{ReturnPathDomain}").Domain;

    public Mailbox From => new(Organisation, Address);

    public Mailbox? Replies => ReplyTo is null ? null : new Mailbox(Organisation, ReplyTo);

    public string ListIdentifier => ListId ?? $"nyhetsbrev.{Domain}";

    /// <summary>A mailto: address of <see cref="ContactEmail"/> for a header, which is of ASCII (RFC 6068 §2).</summary>
    public string ContactUri => MailtoOf(ContactEmail);

    /// <summary>A mailto: address of <see cref="UnsubscribeMailbox"/> whose subject is the reader's token; null: there is no such mailbox.</summary>
    /// <param name="token">Letters, digits, - and _ only: nothing of it needs escaping.</param>
    public string? UnsubscribeUri(string token) => UnsubscribeMailbox is { } mailbox ? $"{MailtoOf(mailbox)}?subject={token}" : null;

    private static string MailtoOf(string mailbox)
    {
        var address = EmailAddress.Parse(mailbox);
        var local = UnicodeText.Truncate(address.Text, address.Text.LastIndexOf('@'));
        return $"mailto:{Uri.EscapeDataString(local)}@{address.Domain}";
    }

    /// <summary>Who sends, for Google's feedback loop: 5 to 15 letters and digits, the same for ever.</summary>
    public string FeedbackId => UnicodeText.Truncate(string.Concat(Domain.Where(char.IsAsciiLetterOrDigit)), 15).PadRight(5, '0');

    internal sealed class Validation : IValidateOptions<SenderOptions>
    {
        public ValidateOptionsResult Validate(string? name, SenderOptions options)
        {
            var problems = new List<string>();
            CheckAddress("Address", options.Address, inHead: true, problems);
            CheckAddress("ContactEmail", options.ContactEmail, inHead: false, problems);
            if (options.ReplyTo is not null) CheckAddress("ReplyTo", options.ReplyTo, inHead: true, problems);
            if (options.UnsubscribeMailbox is { } mailbox) CheckAddress("UnsubscribeMailbox", mailbox, inHead: true, problems);
            if (options.ReturnPathDomain is { } domain && !EmailAddress.TryParse($"x@{domain}", out _, out _))
                problems.Add(SettingWords.Say("Sender.ReturnPathDomain", domain));
            if (options.ListId is { } id && !ListIdentity.IsId(id)) problems.Add(SettingWords.Say("Sender.ListId", id));
            if (!LinkTarget.IsWebAddress(options.Site)) problems.Add(SettingWords.Say("Sender.Site", options.Site));
            if (string.IsNullOrWhiteSpace(options.Organisation)) problems.Add(SettingWords.Say("Sender.Organisation"));
            if (string.IsNullOrWhiteSpace(options.PostalAddress)) problems.Add(SettingWords.Say("Sender.PostalAddress"));
            CheckText("Organisation", options.Organisation, problems);
            CheckText("Phone", options.Phone ?? "", problems);
            // An address is written on several lines.
            CheckText("PostalAddress", options.PostalAddress.ReplaceLineEndings(" "), problems);
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        // In the head of every letter: with å before the @ only a server that knows SMTPUTF8 could carry any of them (RFC 6531).
        private static void CheckAddress(string setting, string value, bool inHead, List<string> problems)
        {
            if (!EmailAddress.TryParse(value, out var address, out var problem))
                problems.Add(problem.Split(' ') is [_, var unseen] ? SettingWords.Say("Sender.MailUnseen", setting, unseen)
                    : SettingWords.Say("Sender.Mail", setting, value));
            else if (inHead && !address.Key.All(char.IsAscii))
                problems.Add(SettingWords.Say("Sender.LocalPart", setting, value));
        }

        private static void CheckText(string setting, string value, List<string> problems)
        {
            if (!UnicodeText.IsLine(value)) problems.Add(SettingWords.NoLine("Sender", setting));
        }
    }
}
