using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Subscribers.Import;

/// <summary>One row of a list of people, checked.</summary>
/// <param name="Line">Line of the file at which the row begins; 1 is the first.</param>
/// <param name="Address">Null when the row cannot be read; <paramref name="Problem"/> then says why.</param>
/// <param name="Problem">A key of ImportWords.resx, or null.</param>
/// <param name="Raw">The row as it stands in the file, for those that must be mended.</param>
public sealed record ImportRow(int Line, EmailAddress? Address, string? Name, string? Municipality, string? Language, string? Problem, string Raw)
{
    /// <summary>Keys of the lists that the row names; null: none, and those of the order count.</summary>
    public IReadOnlyList<string>? Lists { get; init; }
}

/// <summary>What an import does, or would do, with a row.</summary>
public enum ImportOutcome
{
    New,
    Updated,
    Unchanged,
    /// <summary>The person has left everything, or each of the lists that the row is for: never brought back by a file.</summary>
    Left,
    /// <summary>Bounced, complained or erased: never written to again.</summary>
    Suppressed,
    /// <summary>The same address stands on an earlier line, which counts.</summary>
    Repeated,
    /// <summary>The row cannot be read; all others are taken.</summary>
    Malformed,
}

/// <param name="Email">As in the file; null when there is none to read.</param>
/// <param name="Problem">A key of ImportWords.resx when <paramref name="Fate"/> is <see cref="ImportOutcome.Malformed"/>.</param>
public sealed record ImportedRow(int Line, ImportOutcome Fate, string? Email, string? Problem, string? Raw);

/// <summary>How rows ended, in numbers; they add up to all rows.</summary>
public sealed record ImportSummary(IReadOnlyDictionary<ImportOutcome, int> Counts)
{
    public int this[ImportOutcome fate] => Counts.GetValueOrDefault(fate);
    public int Rows => Counts.Values.Sum();
}

/// <summary>What all rows of an import have in common.</summary>
/// <param name="Basis">Why we may write to these people.</param>
/// <param name="Source">Where the list comes from, in words: kept in the event log as the proof of the legal basis.</param>
/// <param name="By">Who takes these people in.</param>
/// <param name="EventKind"><see cref="SubscriberEventKind.Imported"/> or <see cref="SubscriberEventKind.AddedByStaff"/>.</param>
public sealed record ImportOrder(LegalBasis Basis, string Source, Actor By, string EventKind = SubscriberEventKind.Imported)
{
    /// <summary>Keys of the lists for rows that name none; null: the newsletter.</summary>
    public IReadOnlyList<string>? Lists { get; init; }
}
