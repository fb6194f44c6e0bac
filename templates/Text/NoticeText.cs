using SmaKom.Mailer.Templates.Mail;
using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates.Text;

/// <summary>The text part of a confirmation or a receipt.</summary>
internal static class NoticeText
{
    /// <param name="kind">Prefix of its texts in Letter.resx.</param>
    /// <param name="context">Links and sender.</param>
    /// <param name="words">In the reader's language.</param>
    /// <param name="validity">How long the link works, or null.</param>
    public static string Write(string kind, NoticeContext context, LetterWords words, string? validity)
    {
        var column = new TextColumn();
        column.Heading(words[kind + "Heading"]);
        column.Gap();
        column.Paragraph(words.With(kind + "TextBody", context.Sender.Organisation, NoticeModel.WhenOf(context), context.ListName ?? ""));
        column.Gap();
        foreach (var written in context.Written)
        {
            column.Paragraph(written.ReplaceLineEndings("\n"));
            column.Gap();
        }

        if (context.ActionUrl is { } action) Link(column, words[kind + "Button"], action);
        Link(column, words["LinksLeave"], context.LeaveUrl);
        Link(column, words["LinksMyData"], context.MyDataUrl);
        if (validity is not null)
        {
            column.Paragraph(validity);
            column.Gap();
        }

        column.Paragraph(words[kind + "TextOtherwise"]);
        column.Gap();
        column.Rule();
        column.Gap();
        Link(column, words["Privacy"], context.PrivacyUrl);
        FooterText.Sender(column, context.Sender, words);
        return column.ToString();
    }

    private static void Link(TextColumn column, string label, string? url)
    {
        if (url is null) return;
        column.Line(label + ":");
        column.Line(url);
        column.Gap();
    }
}
