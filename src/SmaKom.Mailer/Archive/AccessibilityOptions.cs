namespace SmaKom.Mailer.Archive;

/// <summary>How far pages meet the requirements (WCAG 2.2 AA).</summary>
public enum AccessibilityStatus { Partly, Fully }

/// <summary>
/// What the accessibility statement may say in the association's name (section <c>Accessibility</c>). What is not set is not said.
/// </summary>
public sealed class AccessibilityOptions
{
    /// <summary>How far the pages meet the requirements, as the association judges: <c>Partly</c> or <c>Fully</c>.</summary>
    public AccessibilityStatus Status { get; set; } = AccessibilityStatus.Partly;

    /// <summary>
    /// Faults that the association knows of, in its own words, with a semicolon between; empty = none beyond what the page always says.
    /// </summary>
    public string KnownFaults { get; set; } = "";

    /// <summary>The day on which the association last went through the pages itself.</summary>
    public DateOnly? Reviewed { get; set; }

    /// <summary>Working days within which whoever reports a fault gets an answer; 0: as soon as possible.</summary>
    public int AnswerWithinDays { get; set; }

    /// <summary>The Agency for Digital Government supervises the association, as it does the public sector: the way to complain is told.</summary>
    public bool IsSupervised { get; set; }
}
