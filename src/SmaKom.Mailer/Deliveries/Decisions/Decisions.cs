namespace SmaKom.Mailer.Deliveries.Decisions;

/// <summary>What was decided, as <c>delivery_decision.kind</c>.</summary>
public static class DecisionKind
{
    /// <summary>Letters of any unfinished or refused fate, chosen by a person.</summary>
    public const string Retry = "retry";

    /// <summary>Unknown letters, sent again.</summary>
    public const string SendAgain = "send_again";

    /// <summary>Unknown letters, left as they are.</summary>
    public const string Leave = "leave";

    /// <summary>Waiting letters of a halted issue, which may have been sent already: unknown from now on.</summary>
    public const string Unknown = "unknown";
}
