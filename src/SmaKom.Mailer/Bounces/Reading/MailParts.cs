using System.Text;
using MimeKit;
using MimeKit.Text;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>The parts of a mail that came back, told from each other (RFC 6522): what is said, what is reported, what is given back.</summary>
internal sealed class MailParts
{
    /// <summary>Letters of one part that are read; reports put what they say first.</summary>
    private const int MaxText = 64_000;

    private string? _plain;
    private string? _html;

    private MailParts(MimeMessage mail) => Mail = mail;

    public MimeMessage Mail { get; }

    /// <summary>For people; of a mail without text parts, its raw body.</summary>
    public string Text => _plain ?? _html ?? "";

    /// <summary>Parts of type message/delivery-status (RFC 3464).</summary>
    public List<string> Statuses { get; } = [];

    /// <summary>The part of type message/feedback-report (RFC 5965).</summary>
    public string? Feedback { get; private set; }

    /// <summary>The part of type message/disposition-notification (RFC 8098).</summary>
    public string? Disposition { get; private set; }

    /// <summary>Headers of the letter that is given back in a part of its own.</summary>
    public List<HeaderList> Returned { get; } = [];

    public static MailParts Of(MimeMessage mail, CancellationToken ct)
    {
        var parts = new MailParts(mail);
        parts.Add(mail.Body, ct);
        // A broken boundary leaves a mail without any part that could be read.
        if (string.IsNullOrWhiteSpace(parts._plain) && string.IsNullOrWhiteSpace(parts._html) && parts.Statuses.Count == 0 && parts.Feedback is null)
            parts._plain = Raw(mail.Body, ct);
        return parts;
    }

    private void Add(MimeEntity? entity, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        switch (entity)
        {
            case Multipart multipart:
                foreach (var part in multipart) Add(part, ct);
                break;
            case MessagePart { Message: { } message }:
                Returned.Add(message.Headers);
                break;
            case MimePart part:
                Add(part);
                break;
        }
    }

    private void Add(MimePart part)
    {
        var type = part.ContentType;
        if (type.IsMimeType("message", "delivery-status") || type.IsMimeType("message", "global-delivery-status"))
            Statuses.Add(Content(part));
        else if (type.IsMimeType("message", "feedback-report"))
            Feedback ??= Content(part);
        else if (type.IsMimeType("message", "disposition-notification") || type.IsMimeType("message", "global-disposition-notification"))
            Disposition ??= Content(part);
        else if (type.MediaSubtype.EndsWith("rfc822-headers", StringComparison.OrdinalIgnoreCase) || type.IsMimeType("message", "global-headers"))
            AddHeaders(Content(part));
        else if (part is TextPart text && Returned.Count == 0 && !part.IsAttachment)
            AddText(text);
    }

    private void AddText(TextPart part)
    {
        if (part.IsHtml)
        {
            if (string.IsNullOrWhiteSpace(_html)) _html = PlainWords.Cut(HtmlLines.Of(PlainWords.Cut(Text(part), 4 * MaxText)), MaxText);
        }
        else if (string.IsNullOrWhiteSpace(_plain))
        {
            _plain = PlainWords.Cut(Text(part), MaxText);
        }

        static string Text(TextPart part) => part.Content is null ? "" : part.Text;
    }

    private void AddHeaders(string text)
    {
        var headers = new HeaderList();
        foreach (var line in ReportText.Unfold(text))
            if (ReportText.Header(line) is var (name, value) && headers.Count < 200) headers.Add(name, value);
        Returned.Add(headers);
    }

    private static string Content(MimePart part)
    {
        if (part.Content is null) return "";
        using var bytes = new MemoryStream();
        part.Content.DecodeTo(bytes);
        // Latin 1 where it is no UTF-8: nothing is lost, and what counts is ASCII.
        return PlainWords.Cut(CharsetOf(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)), MaxText);

        static string CharsetOf(ReadOnlySpan<byte> octets) =>
            System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : Encoding.Latin1.GetString(octets);
    }

    private static string Raw(MimeEntity? body, CancellationToken ct)
    {
        if (body is null) return "";
        using var bytes = new MemoryStream();
        body.WriteTo(bytes, contentOnly: true, ct);
        return PlainWords.Cut(Encoding.Latin1.GetString(bytes.GetBuffer(), 0, (int)Math.Min(bytes.Length, MaxText)), MaxText);
    }
}

/// <summary>The text of a page as lines.</summary>
internal static class HtmlLines
{
    public static string Of(string html)
    {
        var (text, hidden) = (new StringBuilder(html.Length), 0);
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        while (tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title } tag:
                    hidden = tag.IsEndTag ? 0 : 1;
                    break;
                case HtmlTagToken
                {
                    Id: HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2
                        or HtmlTagId.Table
                }:
                    text.Append('\n');
                    break;
                case HtmlDataToken data when hidden == 0 && token is not HtmlCDataToken:
                    text.Append(data.Data);
                    break;
            }
        }

        return text.ToString();
    }
}
