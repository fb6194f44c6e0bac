using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Templates.Text;

/// <summary>The text part of an issue: the same content in the same order, pictures left out.</summary>
internal sealed class IssueText(Typesetting set)
{
    private readonly TextColumn _column = new();

    public static string Write(IssueContent content, LetterContext context) => new IssueText(Typesetting.For(content, context)).Issue(content);

    private string Issue(IssueContent content)
    {
        Opening(content);
        foreach (var section in content.Sections) Section(section);
        if (content.Contact is { } contact) Contact(contact);
        FooterText.Write(_column, set);
        return _column.ToString();
    }

    private void Opening(IssueContent content)
    {
        _column.Paragraph(content.Preheader);
        _column.Gap();
        _column.Paragraph($"{set.Context.Sender.Organisation} · {set.MonthMark(content)}");
        if (set.Context is { Surface: LetterSurface.Mail, Links.ReadInBrowser: { } browser })
            Target(set.Chrome["ReadInBrowser"], browser);
        _column.Gap(2);
        _column.Heading(content.Title);
    }

    private void Section(Section section)
    {
        SectionHeading(section.Heading);
        foreach (var block in section.Blocks)
        {
            _column.Gap(2);
            if (block is TipsPair pair)
            {
                Block(pair.Left);
                _column.Gap(2);
                Block(pair.Right);
            }
            else Block(block);
        }
    }

    private void Block(Block block)
    {
        switch (block)
        {
            case Article article: Article(article); break;
            case EventItem item: Event(item); break;
            case CalendarBlock: Calendar(); break;
        }
    }

    private void SectionHeading(string heading)
    {
        _column.Gap(2);
        _column.Rule();
        if (string.IsNullOrWhiteSpace(heading)) return;
        _column.Gap();
        _column.Paragraph(heading.ToUpperInvariant());
    }

    private void Article(Article article)
    {
        if (article.Kicker is { } kicker) _column.Paragraph(kicker);
        _column.Heading(article.Heading);
        MarkdownLines.Write(_column, article.Body);
        if (article.Signature is { } signature)
        {
            _column.Gap();
            _column.Paragraph(signature.Name);
            if (signature.Role is { } role) _column.Paragraph(role);
        }

        foreach (var call in article.CallsToAction)
        {
            _column.Gap();
            if (Markup.LinkTarget.IsAllowed(call.Url)) Target(call.Text, Readable(Markup.LinkTarget.Ascii(call.Url)));
            else _column.Paragraph(call.Text);
        }
    }

    private void Event(EventItem item)
    {
        _column.Heading(item.Name);
        _column.Paragraph(set.Dates.When(item));
        if (item.Place is { } place) _column.Paragraph(place);
        if (item.SignUpBy is { } last) _column.Paragraph($"{set.Words["SignUpBy"]} {set.Dates.Day(last)}");
        if (item.Body is { } body) MarkdownLines.Write(_column, body);
        if (item.Link is { } link) Target(item.LinkText ?? set.Words["EventLinkShort"], Markup.LinkTarget.Ascii(link));
    }

    private void Calendar()
    {
        if (set.Calendar.Count == 0) _column.Paragraph(set.Words["CalendarEmpty"]);
        foreach (var item in set.Calendar)
        {
            _column.Gap();
            _column.Paragraph(set.Dates.When(item));
            // Its link stands with the event itself.
            _column.Paragraph(item.Place is { } place ? $"{item.Name}, {place}" : item.Name);
        }
    }

    private void Contact(ContactBlock contact)
    {
        SectionHeading(set.Words["Contact"]);
        _column.Gap(2);
        if (contact.Text is { } text)
        {
            _column.Paragraph(text);
            _column.Gap();
        }

        _column.Paragraph(contact.Role is { } role ? $"{contact.Name}, {role}" : contact.Name);
        if (contact.Email is { } email) _column.Line($"{set.Words["Email"]} {email}");
        if (contact.Phone is { } phone) _column.Line($"{set.Words["Phone"]} {phone}");
        if (contact.Site is { } site) _column.Line($"{set.Words["Site"]} {Markup.LinkTarget.Ascii(site)}");
        foreach (var social in contact.SocialLinks) _column.Line($"{social.Name}: {Markup.LinkTarget.Ascii(social.Url)}");
    }

    // A person copies an address, not a scheme.
    private static string Readable(string url) =>
        url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && !url.Contains('?', StringComparison.Ordinal) ? url["mailto:".Length..] : url;

    // The address alone on its line: every reader finds its end, and no wrapping reaches it.
    private void Target(string words, string url)
    {
        _column.Paragraph(words + ":");
        _column.Line(url);
    }
}
