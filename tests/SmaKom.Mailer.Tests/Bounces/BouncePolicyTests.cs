using SmaKom.Mailer.Bounces.Reading;
using SmaKom.Mailer.Bounces.Signals;

namespace SmaKom.Mailer.Tests.Bounces;

/// <summary>Two years of monthly issues as one line: a sign for what came back of each, and after which of them the person is stopped.</summary>
public sealed class BouncePolicyTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 7, 8, 0, 0, TimeSpan.Zero);

    // . accepted and nothing came back   h hard   a ambiguous   s soft   o ours   d the domain was away (one soft)   - not sent   c complaint
    [TestCase("........................", null)]
    [TestCase("h.......................", "1 StopHard")]
    [TestCase(".......................h", "24 StopHard")]
    [TestCase("oooooooooooooooooooooooo", null)]
    [TestCase("dddddddddddddddddddddddd", null)]
    [TestCase("a.a.a.a.a.a.a.a.a.a.a.a.", null)]
    [TestCase("aa......................", "2 StopAmbiguous")]
    [TestCase("a-----------------------", null)]
    [TestCase("a-a---------------------", "3 StopAmbiguous")]
    [TestCase("aoa.....................", "3 StopAmbiguous")]
    [TestCase("ada.....................", "3 StopAmbiguous")]
    [TestCase("ss.ss.ss.ss.ss.ss.ss.ss.", null)]
    [TestCase("sss.....................", "3 StopSoft")]
    [TestCase("sos-ds..................", "6 StopSoft")]
    [TestCase("s.s.s.s.s.s.s.s.s.s.s.s.", null)]
    [TestCase("sas.....................", "3 StopSoft")]
    [TestCase("sa.sa.sa.sa.sa.sa.sa.sa.", null)]
    [TestCase("...............c........", "16 StopComplaint")]
    public void Months(string line, string? stopped)
    {
        var history = new List<PastIssue>();
        string? first = null;
        for (var i = 0; i < line.Length && first is null; i++)
        {
            var (sent, said) = (Start.AddDays(30.4 * i), Class(line[i]));
            if (line[i] != '-') history.Add(new(i + 1, sent, line[i] is '.' or 's' or 'a', line[i] == 'd', []));
            if (said is not { } what) continue;
            var verdict = new BouncePolicy().Decide(history, new(1, i + 1, sent.AddHours(1), Said(what, ofDomain: line[i] == 'd')));
            if (verdict != BounceVerdict.None) first = $"{i + 1} {verdict}";
            history[^1] = history[^1] with { Signals = [what] };
        }

        Assert.That(first, Is.EqualTo(stopped));
    }

    /// <summary>Weekly letters: three full ones within 60 days are a long holiday.</summary>
    [TestCase(7, 9, null)]
    [TestCase(7, 10, "StopSoft")]
    [TestCase(31, 3, "StopSoft")]
    public void A_full_mailbox_has_sixty_days(int daysBetween, int issues, string? expected)
    {
        var history = Enumerable.Range(1, issues).Select(i => new PastIssue(i, Start.AddDays(daysBetween * i), true, false,
            i < issues ? [BounceClass.Soft] : [])).ToList();

        var verdict = new BouncePolicy().Decide(history, new(1, issues, history[^1].SentAt.AddHours(1), Said(BounceClass.Soft)));

        Assert.That(verdict.ToString(), Is.EqualTo(expected ?? "None"));
    }

    /// <summary>What was accepted yesterday may still come back: only after a week is it known to have arrived.</summary>
    [TestCase(6, "StopAmbiguous")]
    [TestCase(8, "None")]
    public void An_accepted_issue_counts_after_a_week(int daysAgo, string expected)
    {
        PastIssue[] history =
        [
            new(1, Start, true, false, [BounceClass.Ambiguous]), new(2, Start.AddDays(30), true, false, []),
            new(3, Start.AddDays(30 + daysAgo), true, false, []),
        ];

        var verdict = new BouncePolicy().Decide(history, new(1, 3, history[2].SentAt.AddMinutes(1), Said(BounceClass.Ambiguous)));

        Assert.That(verdict.ToString(), Is.EqualTo(expected));
    }

    [TestCase(2, 4, false)]
    [TestCase(3, 7, false)]
    [TestCase(3, 6, true)]
    [TestCase(40, 100, false)]
    public void A_domain_is_away_when_half_of_it_and_three_are(int returned, int sent, bool away) =>
        Assert.That(IssueReturns.IsOfDomain(returned, sent), Is.EqualTo(away));

    [TestCase(1, 10, false)]
    [TestCase(2, 667, false)]
    [TestCase(2, 666, true)]
    [TestCase(3, 3001, false)]
    [TestCase(3, 3000, true)]
    public void Complaints_stop_an_issue(int complaints, int sent, bool stops) =>
        Assert.That(IssueReturns.IsTooManyComplaints(complaints, sent), Is.EqualTo(stops));

    [TestCase(9, 20, false)]
    [TestCase(10, 101, false)]
    [TestCase(10, 100, true)]
    public void Addresses_that_are_gone_are_an_old_list(int gone, int sent, bool old) =>
        Assert.That(IssueReturns.IsOldList(gone, sent), Is.EqualTo(old));

    private static BounceClass? Class(char sign) => sign switch
    {
        'h' => BounceClass.Hard,
        'a' => BounceClass.Ambiguous,
        's' or 'd' => BounceClass.Soft,
        'o' => BounceClass.Ours,
        'c' => BounceClass.Complaint,
        _ => null,
    };

    private static ReturnedRecipient Said(BounceClass said, bool ofDomain = false) => new(null, said, null, null, "", ofDomain, "test");
}
