using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Checks;

/// <summary>An issue that was written in a hurry.</summary>
internal static class GivenFlaws
{
    /// <param name="blocks">With what keeps it from being queued, too.</param>
    public static async Task<int> FlawedIssueAsync(this TestDatabase database, string slug, bool blocks)
    {
        var issue = await database.IssueAsync(slug, tested: false);
        var content = IssueContentJson.Serialize(Content(int.Parse(slug[..4]), int.Parse(slug[5..7]), blocks));
        await database.ScalarAsync<int>("UPDATE issue SET content = $1::jsonb, subject = $2 WHERE id = $3 RETURNING id",
            new() { Value = content }, new() { Value = "Nyheter" }, new() { Value = issue });
        return issue;
    }

    private static IssueContent Content(int year, int month, bool blocks) => new()
    {
        Year = year,
        Month = month,
        Subject = "Nyheter från småkommunerna om snön, skolskjutsarna och det som kommer sedan",
        Preheader = blocks ? "" : "Nyheter från småkommunerna om snön, skolskjutsarna och det som kommer sedan.",
        Sections =
        [
            new Section
            {
                Heading = "Sedan sist",
                Blocks =
                [
                    new Article
                    {
                        Heading = "Höstmötet i Gransele",
                        // Unfinished on purpose: it is to be found.
                        Body = $"Vi ses fredag 3 december 2026. {(blocks ? "TODO: siffror. " : "")}Läs mer [här](http://gransele.example.org/hostmotet).\n\n"
                            + "**Så gjorde de**\n\n" + string.Join(' ', Enumerable.Repeat("Förvaltningsnämnden sammanträdde angående skolskjutsarna.", 40)),
                        Pictures = [new() { MediaId = "a.jpg", Width = 300, Height = 200, Alt = blocks ? "" : "En skolbuss." }],
                        CallsToAction = [new() { Text = "Läs protokollet", Url = "https://gransele.example.org/a" }],
                    },
                    new Article
                    {
                        Heading = "Bredbandet",
                        Body = "Svara senast den 31 november.\n\n#### Ensam",
                        CallsToAction = [new() { Text = "Läs protokollet", Url = blocks ? "javascript:alert(1)" : "https://gransele.example.org/b" }],
                    },
                    new EventItem { Name = "Lunchsamtal", Start = new(2026, 1, 9) },
                ],
            },
        ],
        Contact = new ContactBlock { Name = "Elin Haddad", SocialLinks = [new() { Name = "Länk", Url = "https://social.example.org/smakom" }] },
    };
}
