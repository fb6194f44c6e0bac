using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Utils;
using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>What tells a letter that is given back, and to whom a mail was sent.</summary>
internal static partial class ReturnedLetter
{
    private const int Most = 50;

    private static readonly string[] RecipientFields =
        ["Delivered-To", "X-Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc", "Resent-To"];

    public static IReadOnlyList<string> SentTo(HeaderList headers)
    {
        var addresses = new List<string>();
        foreach (var name in RecipientFields)
            foreach (var header in headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)))
                AddAddresses(addresses, header.Value);
        foreach (var header in headers.Where(header => header.Id == HeaderId.Received))
            foreach (Match match in ReceivedFor().Matches(header.Value ?? "")) Add(addresses, match.Groups[1].Value);
        return addresses;
    }

    /// <summary>Of the letter given back; of a mail that gives none back, the letters that it answers.</summary>
    public static IReadOnlyList<string> MessageIds(MailParts parts, string quoted)
    {
        var found = new List<string>();
        foreach (var (name, value) in Fields(parts, quoted))
            if (name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase)) AddIds(found, value);
        foreach (var status in parts.Statuses)
            foreach (var value in StatusFields.All(status).Every("x-original-message-id")) AddIds(found, value);
        foreach (var header in parts.Mail.Headers.Where(header => header.Id is HeaderId.InReplyTo or HeaderId.References))
            AddIds(found, header.Value);
        return found;
    }

    public static IReadOnlyList<string> ReturnPaths(MailParts parts, string quoted)
    {
        var found = new List<string>();
        foreach (var (name, value) in Fields(parts, quoted))
        {
            if (name.Equals("Return-Path", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Envelope-From", StringComparison.OrdinalIgnoreCase))
                Add(found, value.Trim().Trim('<', '>'));
            else if (name.Equals("Received", StringComparison.OrdinalIgnoreCase))
                foreach (Match match in EnvelopeFrom().Matches(value)) Add(found, match.Groups[1].Value);
        }

        // Postfix's report names its sender; a feedback report (RFC 5965 §3.2) has Original-Mail-From.
        foreach (var text in parts.Statuses.Append(parts.Feedback ?? ""))
        {
            var fields = StatusFields.All(text);
            foreach (var name in (string[])["x-postfix-sender", "original-mail-from"])
                if (fields.Address(name) is { } address) Add(found, address);
        }

        return found;
    }

    private static IEnumerable<(string Name, string Value)> Fields(MailParts parts, string quoted)
    {
        foreach (var header in parts.Returned.SelectMany(headers => headers)) yield return (header.Field, header.Value ?? "");
        foreach (var line in ReportText.Unfold(quoted))
        {
            if (ReportText.Header(line.TrimStart()) is { } field) yield return field;
        }
    }

    private static void AddIds(List<string> to, string? value)
    {
        if (value is null) return;
        foreach (var id in MimeUtils.EnumerateReferences(PlainWords.Cut(value, PlainWords.MaxRead))) Add(to, id);
    }

    private static void AddAddresses(List<string> to, string? value)
    {
        if (value is null || !InternetAddressList.TryParse(PlainWords.Cut(value, PlainWords.MaxRead), out var list)) return;
        foreach (var mailbox in list.Mailboxes) Add(to, mailbox.Address);
    }

    private static void Add(List<string> to, string? one)
    {
        if (one is null || one.Length is 0 or > 998 || to.Count >= Most) return;
        var text = UnicodeText.Line(one);
        if (text.Length > 0 && !to.Contains(text, StringComparer.OrdinalIgnoreCase)) to.Add(text);
    }

    [GeneratedRegex(@"\bfor <([^<>\s]{3,320})>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex ReceivedFor();

    [GeneratedRegex(@"envelope-from <([^<>\s]{3,320})>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex EnvelopeFrom();
}
