using SmaKom.Mailer.Templates.Words;

namespace SmaKom.Mailer.Templates.Content;

/// <summary>What must hold before content can be rendered. Keys are those of ContentProblems.resx.</summary>
internal static class ContentRules
{
    public static IReadOnlyList<ContentProblem> Check(IssueContent issue)
    {
        var faults = new Faults();
        faults.When(issue.Year is < 2000 or > 2999, "year", "YearOutOfRange");
        faults.When(issue.Month is < 1 or > 12, "month", "MonthOutOfRange");
        faults.Line("subject", issue.Subject);
        faults.Plain("headline", issue.Headline);
        faults.Line("preheader", issue.Preheader);
        faults.When(!Languages.All.Contains(issue.Language), "language", "LanguageUnknown");
        CheckPicture(faults, "leadPicture", issue.LeadPicture);
        faults.When(issue.Sections.All(section => section.Blocks.Count == 0), "sections", "NoSections");
        for (var i = 0; i < issue.Sections.Count; i++) CheckSection(faults, $"sections[{i}]", issue.Sections[i]);
        if (issue.Contact is { } contact) CheckContact(faults, contact);
        return faults.Found;
    }

    private static void CheckSection(Faults faults, string path, Section section)
    {
        faults.Plain($"{path}.heading", section.Heading);
        for (var i = 0; i < section.Blocks.Count; i++)
        {
            var at = $"{path}.blocks[{i}]";
            if (section.Blocks[i] is not TipsPair pair)
            {
                CheckBlock(faults, at, section.Blocks[i]);
                continue;
            }

            if (pair.Only is not { } only || ReferenceEquals(only, pair.Left)) CheckBlock(faults, $"{at}.left", pair.Left);
            if (pair.Only is not { } other || ReferenceEquals(other, pair.Right)) CheckBlock(faults, $"{at}.right", pair.Right);
        }
    }

    private static void CheckBlock(Faults faults, string path, Block block)
    {
        if (block is Article article) CheckArticle(faults, path, article);
        if (block is EventItem item) CheckEvent(faults, path, item);
    }

    private static void CheckArticle(Faults faults, string path, Article article)
    {
        faults.Line($"{path}.heading", article.Heading);
        faults.When(string.IsNullOrWhiteSpace(article.Body), $"{path}.body", "Missing");
        for (var i = 0; i < article.Pictures.Count; i++) CheckPicture(faults, $"{path}.pictures[{i}]", article.Pictures[i]);
        if (article.Signature is { } signature)
        {
            faults.Line($"{path}.signature.name", signature.Name);
            CheckPicture(faults, $"{path}.signature.portrait", signature.Portrait);
        }

        for (var i = 0; i < article.CallsToAction.Count; i++)
        {
            var call = article.CallsToAction[i];
            faults.Line($"{path}.callsToAction[{i}].text", call.Text);
            faults.When(!Markup.LinkTarget.IsAllowed(call.Url), $"{path}.callsToAction[{i}].url", "LinkNotAllowed");
        }
    }

    private static void CheckEvent(Faults faults, string path, EventItem item)
    {
        faults.Line($"{path}.name", item.Name);
        if (item.Start == default) faults.When(true, $"{path}.start", "DateMissing");
        else CheckDays(faults, path, item);
        faults.When(item.Link is not null && !Markup.LinkTarget.IsWebAddress(item.Link), $"{path}.link", "LinkNotAllowed");
        CheckPicture(faults, $"{path}.picture", item.Picture);
    }

    private static void CheckDays(Faults faults, string path, EventItem item)
    {
        faults.When(item.End < item.Start, $"{path}.end", "EndsBeforeStart");
        faults.When(item.EndTime is not null && item.StartTime is null, $"{path}.startTime", "Missing");
        faults.When((item.End ?? item.Start) == item.Start && item.EndTime < item.StartTime, $"{path}.endTime", "EndsBeforeStart");
        faults.When(item.SignUpBy > (item.End ?? item.Start), $"{path}.signUpBy", "SignUpAfterEvent");
    }

    private static void CheckContact(Faults faults, ContactBlock contact)
    {
        faults.Line("contact.name", contact.Name);
        faults.When(contact.Email is not null && !Markup.LinkTarget.IsAllowed("mailto:" + contact.Email), "contact.email", "LinkNotAllowed");
        faults.When(contact.Site is not null && !Markup.LinkTarget.IsWebAddress(contact.Site), "contact.site", "LinkNotAllowed");
        CheckPicture(faults, "contact.portrait", contact.Portrait);
        for (var i = 0; i < contact.SocialLinks.Count; i++)
        {
            faults.Line($"contact.socialLinks[{i}].name", contact.SocialLinks[i].Name);
            faults.When(!Markup.LinkTarget.IsWebAddress(contact.SocialLinks[i].Url), $"contact.socialLinks[{i}].url", "LinkNotAllowed");
        }
    }

    private static void CheckPicture(Faults faults, string path, Picture? picture)
    {
        if (picture is null) return;
        faults.When(string.IsNullOrWhiteSpace(picture.MediaId), $"{path}.mediaId", "Missing");
        faults.When(!picture.Decorative && string.IsNullOrWhiteSpace(picture.Alt), $"{path}.alt", "AltMissing");
        faults.When(picture.Width is < 1 or > 10_000, $"{path}.width", "SizeOutOfRange");
        faults.When(picture.Height is < 1 or > 10_000, $"{path}.height", "SizeOutOfRange");
    }

    private sealed class Faults
    {
        public List<ContentProblem> Found { get; } = [];

        public void When(bool fault, string path, string key)
        {
            if (fault) Found.Add(new ContentProblem(path, key));
        }

        /// <summary>One line of plain text: there, and without line breaks that would break a header or a heading.</summary>
        public void Line(string path, string value)
        {
            When(string.IsNullOrWhiteSpace(value), path, "Missing");
            Plain(path, value);
        }

        /// <summary>As <see cref="Line"/>, or nothing.</summary>
        public void Plain(string path, string? value) => When(value?.Any(char.IsControl) is true, path, "ControlCharacter");
    }
}
