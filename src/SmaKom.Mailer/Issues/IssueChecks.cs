using System.Globalization;
using Microsoft.Extensions.Options;
using SmaKom.Mailer.Calendar;
using SmaKom.Mailer.Issues.Checks;
using SmaKom.Mailer.Issues.Compose;
using SmaKom.Mailer.Settings;
using SmaKom.Mailer.Sql;
using SmaKom.Mailer.Subscribers;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Web;

namespace SmaKom.Mailer.Issues;

/// <summary>
/// What speaks against queueing an issue. Asked by the command; pages and the command line only show it. Each family of checks is a file of
/// its own in <c>Checks/</c>.
/// </summary>
public sealed class IssueChecks(
    IssueSurroundings surroundings, AudienceCount audience, LetterCheck letter, LinkAnswers answers, FlawWords words, MonthlySlot slot,
    LocalText text, IOptions<SenderOptions> sender, DatabaseClock time)
{
    /// <param name="content">Null: it cannot be read.</param>
    /// <param name="at">When it is to go out; null: not chosen yet, and nothing is said of the hour.</param>
    public async Task<IReadOnlyList<IssueFinding>> FindAsync(int issue, IssueContent? content, DateTimeOffset? at, CancellationToken ct)
    {
        var sent = text.Local(at ?? time.GetUtcNow());
        return
        [
            .. content is null ? [words.Say(IssueFlaw.Block(null, "ContentUnreadable"))] : await InContentAsync(issue, content, sent, ct),
            .. (await AroundAsync(issue, content, ct)).Select(Say(issue)),
            .. at is null ? [] : SendingTimeChecks.Find(sent, slot).Select(words.Say),
        ];
    }

    /// <summary>What needs nothing but the content.</summary>
    /// <param name="sent">The day on which readers get it, in the site's zone.</param>
    public static IReadOnlyList<IssueFlaw> InContent(IssueContent content, DateOnly sent) =>
    [
        .. HeadChecks.Find(content), .. EmptyPartChecks.Find(content), .. PlaceholderChecks.Find(content), .. LinkChecks.Find(content),
        .. DateChecks.Find(content, sent), .. CalendarBlockChecks.Find(content), .. HeadingChecks.Find(content), .. LanguageChecks.Find(content),
        .. PictureChecks.Find(content),
    ];

    private async Task<IEnumerable<IssueFinding>> InContentAsync(int issue, IssueContent content, DateTimeOffset sent, CancellationToken ct)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var problems = content.Problems();
        IEnumerable<IssueFlaw> flaws =
        [
            .. InContent(content, DateOnly.FromDateTime(sent.DateTime)),
            .. RepeatChecks.Find(content, await surroundings.EarlierAsync(issue, content, ct)),
            .. LinkAnswerChecks.Find(content, await answers.ReadAsync(LinkAnswers.AddressesIn(content), ct)),
            .. problems.Count > 0 || Sender is null ? [] : await letter.FindAsync(content),
        ];
        return problems.Select(problem => new IssueFinding(true, problem.Path, problem.Text(language), problem.Key)).Concat(flaws.Select(words.Say));
    }

    private async Task<IEnumerable<IssueFlaw>> AroundAsync(int issue, IssueContent? content, CancellationToken ct) => StandingChecks.Find(
        await surroundings.ReadAsync(issue, content is null ? "" : ContentHash.Of(content), ct),
        (await audience.OfIssueAsync(issue, ct)).Gets, Sender);

    /// <summary>Null: a command that was not told who sends. What does send does not start without (<see cref="SenderOptions"/>).</summary>
    private SenderOptions? Sender
    {
        get
        {
            try
            {
                return sender.Value;
            }
            catch (OptionsValidationException)
            {
                return null;
            }
        }
    }

    private Func<IssueFlaw, IssueFinding> Say(int issue) => flaw => words.Say(flaw) with
    {
        Where = flaw.Kind switch
        {
            IssueFinding.NoTestLetter or IssueFinding.TestLetterUnderWay => $"/redaktion/nummer/{issue}/skriv#prov",
            "NoAudience" or "AudienceShrank" => "/redaktion/prenumeranter",
            "NoRelay" => "/admin/installningar",
            "DomainProblem" => "/admin/doman",
            _ => null,
        },
    };
}
