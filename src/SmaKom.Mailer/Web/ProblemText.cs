using Microsoft.Extensions.Localization;

namespace SmaKom.Mailer.Web;

/// <summary>What is wrong with something that was written, in the reader's language.</summary>
internal static class ProblemText
{
    /// <param name="problem">The name of a text, and after a space what fills its place: <c>EmailAddress.Hidden U+200B</c>.</param>
    public static string Problem(this IStringLocalizer words, string problem) =>
        problem.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? words[problem[..space], problem[(space + 1)..]] : words[problem];
}
