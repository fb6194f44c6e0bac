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

/// <summary>Keeps what was decided, and of which letters, as part of the statement that does it.</summary>
internal static class DecisionRows
{
    /// <summary>The statement's parts <c>decided</c> and <c>noted</c>; nothing is kept of no letters.</summary>
    /// <param name="letters">The part that has the letters' <c>id</c>, and the <c>state</c> in which they were.</param>
    /// <param name="kind">As SQL: a <see cref="DecisionKind"/>.</param>
    /// <param name="by">As SQL: who decided.</param>
    public static string Of(string letters, string kind, string by = "@by") =>
        $"""
        decided AS (
            INSERT INTO delivery_decision (issue_id, at, kind, made_by, letters)
            SELECT @issue, now(), {kind}, {by}, count(*)
            FROM {letters}
            HAVING count(*) > 0
            RETURNING id),
        noted AS (
            INSERT INTO delivery_decision_letter (decision_id, delivery_id, state_before)
            SELECT decided.id, {letters}.id, {letters}.state
            FROM decided, {letters})
        """;
}
