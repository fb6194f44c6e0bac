using SmaKom.Mailer.Templates.Content;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>Whether a picture has as many pixels as it is shown at.</summary>
internal static class PictureChecks
{
    // A picture without a size of its own is the content rules' to refuse.
    public static IEnumerable<IssueFlaw> Find(IssueContent content) => ContentPlaces.Pictures(content)
        .Where(at => at.Picture.Width >= 1 && at.Picture.Width < at.Width)
        .Select(at => IssueFlaw.Warn($"{at.Place}.mediaId", "PictureSmall", at.Picture.Width, at.Width));
}
