namespace SmaKom.Mailer.Issues.Checks;

/// <summary>What an issue is looked at for before it is queued (section <c>Checks</c>).</summary>
public sealed class ChecksOptions
{
    /// <summary>
    /// Workers ask the web addresses in drafts and queued issues whether they answer: https only, public addresses only, once a day. False where
    /// nothing may leave the machine but mail.
    /// </summary>
    public bool Links { get; set; } = true;
}
