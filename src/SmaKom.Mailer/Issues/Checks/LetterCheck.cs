using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>The issue's letter, written as at its hour and thrown away.</summary>
public sealed class LetterCheck(LetterFreezer freezer)
{
    /// <param name="content">Without <see cref="IssueContent.Problems"/>.</param>
    public async Task<IEnumerable<IssueFlaw>> FindAsync(IssueContent content)
    {
        try
        {
            // It has the text part, too.
            await freezer.FreezeAsync("2026-01", content, new Variant(content.Language, LegalBasis.Member, LetterFormat.Html));
            return [];
        }
        catch (MimeException wrong)
        {
            return [IssueFlaw.Block(wrong.Field == "Subject" ? "subject" : null, "LetterUnwritable", wrong.Field, wrong.Problem)];
        }
    }
}
