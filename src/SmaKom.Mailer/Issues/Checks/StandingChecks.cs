using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What an issue needs beside its content: somebody to send to, a way there, an address of ours, somebody who has seen it.</summary>
public static class StandingChecks
{
    /// <summary>Fewer than this share of the last issue's audience is worth a question.</summary>
    private const double UsualShare = 0.8;

    /// <param name="sender">Null: this process was not told.</param>
    public static IEnumerable<IssueFlaw> Find(Surroundings around, int audience, SenderOptions? sender)
    {
        if (audience == 0) yield return IssueFlaw.Block(null, "NoAudience");
        else if (around.LastAudience is { } last && audience < last * UsualShare) yield return IssueFlaw.Warn(null, "AudienceShrank", last, audience);
        if (sender is not null && string.IsNullOrWhiteSpace(sender.PostalAddress)) yield return IssueFlaw.Block(null, "NoPostalAddress");
        if (!around.HasRelay) yield return IssueFlaw.Block(null, "NoRelay");
        if (around.HasDomainProblem) yield return IssueFlaw.Warn(null, "DomainProblem");
        if (around.TestLetter is "waiting" or "sending") yield return IssueFlaw.Block(null, IssueFinding.TestLetterUnderWay);
        else if (around.TestLetter != "accepted") yield return IssueFlaw.Block(null, IssueFinding.NoTestLetter);
    }
}
