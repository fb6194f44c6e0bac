using SmaKom.Mailer.Mail.Smtp;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>What kind of mail came back.</summary>
public enum ReturnKind
{
    /// <summary>Somebody's letter was given up (RFC 3464, or the same in words).</summary>
    Bounce,

    /// <summary>It is still being tried, by the report's own words: nothing follows from it.</summary>
    Delayed,

    /// <summary>It arrived, by the report's own words.</summary>
    Delivered,

    /// <summary>A reader marked a letter as spam (RFC 5965).</summary>
    Complaint,

    /// <summary>A machine answers for an absent person (RFC 3834).</summary>
    AutoReply,

    /// <summary>Anything else, as a person who writes back.</summary>
    Other,
}

/// <summary>How sure it is that letters to an address no longer arrive, and whose fault that is (STANDARDS: RFC 3463 codes and practice).</summary>
public enum BounceClass
{
    /// <summary>The address is not there, and was said so in words or by a code of its own.</summary>
    Hard,

    /// <summary>Perhaps not there: a bare 550, a mailbox that is switched off (5.2.1).</summary>
    Ambiguous,

    /// <summary>There, and does not take letters now: full, unreachable, expired after days of trying.</summary>
    Soft,

    /// <summary>Refused for what we are or wrote: policy, reputation, size, form. Says nothing of the reader.</summary>
    Ours,

    /// <summary>The reader marked the letter as spam.</summary>
    Complaint,

    /// <summary>Nothing follows from it.</summary>
    NotABounce,
}

/// <summary>What one report says of one recipient.</summary>
/// <param name="Address">As the report names it; null: it hides it.</param>
/// <param name="Status">Enhanced status code (RFC 3463); null: none was given.</param>
/// <param name="Code">Reply code of the server that refused (RFC 5321 §4.2); null: none was given.</param>
/// <param name="Words">What that server said, on one line, 500 letters at most; empty: nothing.</param>
/// <param name="IsOfDomain">The domain is not there or cannot be reached: it says nothing of the person.</param>
/// <param name="Rule">Name of the rule that decided, for people who look into it.</param>
public sealed record ReturnedRecipient(
    string? Address, BounceClass Class, EnhancedCode? Status, int? Code, string Words, bool IsOfDomain, string Rule);

/// <summary>
/// A mail that came back, understood as far as it speaks for itself. Whose letter it was is decided elsewhere, by what is signed: an address in a
/// body never counts by itself.
/// </summary>
public sealed record ReturnedMail(ReturnKind Kind, IReadOnlyList<ReturnedRecipient> Recipients)
{
    /// <summary>Addresses that this mail was sent to (Delivered-To, X-Original-To, Envelope-To, To, Cc …); one may be a return path of ours.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];

    /// <summary>Message-IDs without brackets of the letter that it gives back, or that it answers (In-Reply-To, References).</summary>
    public IReadOnlyList<string> MessageIds { get; init; } = [];

    /// <summary>Return paths of the letter that it gives back, as <c>Return-Path</c> or <c>X-…-Envelope-From</c> names them.</summary>
    public IReadOnlyList<string> ReturnPaths { get; init; } = [];

    /// <summary>One line, decoded; empty: none.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Who wrote it (From), or empty.</summary>
    public string From { get; init; } = "";

    /// <summary>By its own Date; null: none that can be read.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>An absent person's machine says that the person has left for good.</summary>
    public bool HasLeft { get; init; }
}
