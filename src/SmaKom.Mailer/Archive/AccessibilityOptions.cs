namespace SmaKom.Mailer.Archive;

/// <summary>
/// What the accessibility statement may say in the association's name (section <c>Accessibility</c>). What is not set is not said.
/// </summary>
public sealed class AccessibilityOptions
{
    /// <summary>The day on which the association last went through the pages itself.</summary>
    public DateOnly? Reviewed { get; set; }

    /// <summary>Working days within which whoever reports a fault gets an answer; 0: as soon as possible.</summary>
    public int AnswerWithinDays { get; set; }

    /// <summary>The Agency for Digital Government supervises the association, as it does the public sector: the way to complain is told.</summary>
    public bool IsSupervised { get; set; }
}
