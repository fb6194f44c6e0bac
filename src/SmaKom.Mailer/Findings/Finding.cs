namespace SmaKom.Mailer.Findings;

public enum Severity
{
    /// <summary>Good to know; nothing is wrong.</summary>
    Note,

    /// <summary>Works today, and somebody should look at it.</summary>
    Warning,

    /// <summary>Something does not work now.</summary>
    Fault,
}

/// <summary>All that a checkup can find. The names are stable: <c>--json</c>, <see cref="FindingWords"/> and docs/operations.md go by them.</summary>
public enum FindingKind
{
    DatabaseAway, DatabaseOld, NoWorker, WorkerSilent, WorkerEnded,
    NoRelay, RelayPassword, RelayUnreachable, RelayCertificate, RelayFailing,
    RelayWantsTls, RelayOffersNoTls, RelayTlsFromStart, RelayTlsAfterGreeting, RelayTlsOld, RelaySender, RelayUnwelcome, RelayConnections,
    SendingStalled, QueueStuck, NoticesStuck, IssueOverdue, IssuePaused, UnknownWaiting, LettersPutOff, LimitHolds,
    IssueHalted, NoticesHalted, DatabaseNotMet, DatabaseMoved,
    IssueStoppedPolicy, IssueStoppedSize, IssueStoppedContent, IssueStoppedProtocol, IssueStoppedComplaints, IssueStoppedAddresses,
    JobFailed, JobNotRun, JobLong, JobPaused, NothingQueued, AddressesUnseen,
    DiskNearlyFull, ClockOff,
    MailboxPassword, MailboxUnreachable, MailboxCertificate, MailboxFailing, BouncesUnreadable,
    PublicUrlUnsafe, SenderSample, DkimMissing, DomainSpf, DomainDkim, DomainDmarc, DomainAlignment, DomainMail, DomainUnanswered,
    SampleLoginOpen, DatabasePasswordWeak, KeysInPlainText, SampleRun,
}

/// <summary>Something to tell the administrator.</summary>
/// <param name="Facts">Fill the places in the words: numbers, times (<see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>) and names (text,
/// <see cref="Named"/>). Nothing personal, nothing secret.</param>
public sealed record Finding(FindingKind Kind, Severity Severity, params object[] Facts)
{
    /// <summary>Page where it is mended; null = outside of the service.</summary>
    public string? Where { get; init; }
}

/// <summary>A fact with a stable name that people call otherwise in each language.</summary>
public sealed record Named(string Name, Func<string> Says);
