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
        column.Paragraph(words.With(kind + "TextBody", context.Sender.Organisation, context.ListName ?? ""));
        column.Gap();
        column.Line(words[kind + "Button"] + ":");
        column.Line(context.ActionUrl);
        column.Gap();
        if (validity is not null)
        {
            column.Paragraph(validity);
            column.Gap();
        }

        column.Paragraph(words[kind + "TextOtherwise"]);
        column.Gap();
        column.Rule();
        column.Gap();
        if (context.PrivacyUrl is { } privacy)
        {
            column.Line(words["Privacy"] + ":");
            column.Line(privacy);
            column.Gap();
        }

        FooterText.Sender(column, context.Sender, words);
        return column.ToString();
    }
}
