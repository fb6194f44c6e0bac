using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
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
        var date = mail.Date == DateTimeOffset.MinValue ? (DateTimeOffset?)null : mail.Date;
        using var page = new HtmlParser().ParseDocument(html);
        // Whose letters go out blind writes to themselves: that address is to be found.
        foreach (var reader in Addresses(mail.To, mail.Cc).Except(Addresses(mail.From, mail.ReplyTo), StringComparer.OrdinalIgnoreCase))
            LeaveOut(page, reader);
        return WebFile.Make(page, facts, mail.Subject, date,
            () => date is { Year: >= 2000 and <= 2999 } at ? (at.Year, at.Month) : WrittenMonth.In(Path.GetFileNameWithoutExtension(name)),
            id => mail.BodyParts.OfType<MimePart>().FirstOrDefault(part => part.ContentId == id) is { } part ? Octets(part) : null);
    }

    private static IEnumerable<string> Addresses(params InternetAddressList[] lists) =>
        lists.SelectMany(list => list.Mailboxes).Select(mailbox => mailbox.Address).Where(address => address.Length > 0);

    private static void LeaveOut(IHtmlDocument page, string address)
    {
        string Without(string text) => text.Replace(address, "", StringComparison.OrdinalIgnoreCase)
            .Replace(Uri.EscapeDataString(address), "", StringComparison.OrdinalIgnoreCase);

        foreach (var text in page.Descendants<IText>()) text.Data = Without(text.Data);
        foreach (var link in page.QuerySelectorAll("a[href]")) link.SetAttribute("href", Without(link.GetAttribute("href")!));
        page.Title = Without(page.Title ?? "");
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
