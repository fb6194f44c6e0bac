using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates.Text;

/// <summary>Why it came, how to leave, who sent it.</summary>
internal static class FooterText
{
    public static void Write(TextColumn column, Typesetting set)
    {
        var (context, words) = (set.Context, set.Chrome);
        column.Gap(2);
        column.Rule();
        column.Gap();
        if (context.Surface != LetterSurface.Archive)
        {
            column.Paragraph(set.Why);
            if (context.RecipientAddress is { } address) column.Line($"{words["SentTo"]} {address}");
            column.Gap();
            Link(column, words["Unsubscribe"], context.Links.Unsubscribe);
            Link(column, words["Preferences"], context.Links.Preferences);
            Link(column, words["Archive"], context.Links.Archive);
            Link(column, words["Privacy"], context.Links.Privacy);
            column.Gap();
        }

        Sender(column, context.Sender, words);
    }

    public static void Sender(TextColumn column, SenderIdentity sender, LetterWords words)
    {
        column.Paragraph(sender.Organisation);
        column.Paragraph(sender.PostalAddress);
        column.Line(sender.Email);
        if (sender.Phone is { } phone) column.Line(phone);
        column.Line(sender.Site);
        if (sender.RegistrationNumber is { } number) column.Line(words.With("RegistrationNumber", number));
    }

    private static void Link(TextColumn column, string text, string? url)
    {
        if (url is null) return;
        column.Line(text + ":");
        column.Line(url);
    }
}
