namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What came of asking an address.</summary>
public enum LinkOutcome
{
    /// <summary>Also with "log in first" or "not for programs": somebody is there.</summary>
    Answers,
    /// <summary>404 or 410.</summary>
    Missing,
    /// <summary>5xx, or redirects without end.</summary>
    Failing,
    /// <summary>The name is not in DNS.</summary>
    NoHost,
    /// <summary>Nobody took the connection, or answered in time.</summary>
    NoAnswer,
    /// <summary>A certificate that browsers refuse.</summary>
    NoTrust,
    /// <summary>It leads, by name or by redirect, to somebody's own network. Nothing was asked there.</summary>
    Private,
}

/// <param name="Status">Of HTTP; null: there was no answer.</param>
public sealed record LinkAnswer(LinkOutcome Outcome, int? Status);

/// <summary>An answer of a while ago.</summary>
public sealed record KnownAnswer(string Url, DateTimeOffset AskedAt, LinkAnswer Answer);
