namespace SmaKom.Mailer.Reports;

/// <summary>One line of a receipt.</summary>
/// <param name="Key">Word in StaffWords as <c>Receipt.{Key}</c>; in lower case the state's class in the stylesheet and
/// the cell's name for the script.</param>
public sealed record ReceiptLine(string Key, int Count)
{
    public string CssClass => Key.ToLowerInvariant();
}

/// <summary>A receipt as the table that people read: lines that add up to the audience.</summary>
public static class ReceiptLines
{
    public static IReadOnlyList<ReceiptLine> Of(Receipt receipt) =>
    [
        new("Accepted", receipt.Accepted),
        new("Waiting", receipt.Waiting - receipt.Deferred),
        new("Deferred", receipt.Deferred),
        new("Refused", receipt.Refused),
        new("Unknown", receipt.Unknown),
        new("Excluded", receipt.Excluded),
    ];

    /// <summary>Letters whose fate is known or a person's to decide.</summary>
    public static int Done(this Receipt receipt) => receipt.Audience - receipt.Waiting;

    /// <summary>0–100, and 100 only when nothing waits.</summary>
    public static int Percent(this Receipt receipt) => receipt.Audience == 0 ? 0 : (int)(100L * receipt.Done() / receipt.Audience);
}
