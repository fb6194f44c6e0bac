using System.Net;
using AngleSharp.Html.Parser;
using MimeKit;
using SmaKom.Mailer.Mail.Mime;

namespace SmaKom.Mailer.Issues.Import;

/// <summary>A letter as somebody got it. Whose copy it was is left out: the address, and the links by which it was read or left.</summary>
internal static class MailFile
{
    /// <exception cref="IssueFileException"/>
    public static IssueFile Read(string name, byte[] bytes, IssueFileFacts facts)
    {
        using var mail = ReceivedMail.Read(bytes);
        var html = mail.HtmlBody ?? AsHtml(mail.TextBody) ?? throw new IssueFileException(IssueFileFault.NoText);
        foreach (var reader in mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Select(mailbox => mailbox.Address).Where(address => address.Length > 0))
            html = html.Replace(reader, "", StringComparison.OrdinalIgnoreCase)
                .Replace(Uri.EscapeDataString(reader), "", StringComparison.OrdinalIgnoreCase);
        var date = mail.Date == DateTimeOffset.MinValue ? (DateTimeOffset?)null : mail.Date;
        using var page = new HtmlParser().ParseDocument(html);
        return WebFile.Make(page, facts, mail.Subject, date,
            () => date is { Year: >= 2000 and <= 2999 } at ? (at.Year, at.Month) : WrittenMonth.In(Path.GetFileNameWithoutExtension(name)),
            id => mail.BodyParts.OfType<MimePart>().FirstOrDefault(part => part.ContentId == id) is { } part ? Octets(part) : null);
    }

    private static string? AsHtml(string? text) => string.IsNullOrWhiteSpace(text) ? null
        : string.Concat(text.ReplaceLineEndings("\n").Split("\n\n").Select(paragraph => $"<p>{WebUtility.HtmlEncode(paragraph)}</p>"));

    private static byte[]? Octets(MimePart part)
    {
        using var octets = new MemoryStream();
        part.Content?.DecodeTo(octets);
        return octets.ToArray();
    }
}
