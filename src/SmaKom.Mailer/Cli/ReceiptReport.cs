using SmaKom.Mailer.Layout;
using SmaKom.Mailer.Staff;
using SmaKom.Mailer.Stats;

namespace SmaKom.Mailer.Cli;

/// <summary>A receipt on a terminal: the same lines as on the staff page.</summary>
internal static class ReceiptReport
{
    public static void Tell(Receipt receipt, OpenIssue open)
    {
        var text = open.Get<LocalText>();
        open.Terminal.Table(
            [open.Staff["Receipt"], open.Staff["Receipt.Count"]],
            ReceiptLines.Of(receipt).Select(line => new[] { open.Staff[$"Receipt.{line.Key}"].Value, text.Number(line.Count) })
                .Append([open.Staff["Receipt.Sum"], text.Number(ReceiptLines.Of(receipt).Sum(line => line.Count))]));
        open.Terminal.Say(open.Staff[receipt.AddsUp ? "Receipt.AddsUp" : "Receipt.DoesNotAddUp", text.Number(receipt.Audience)]);
    }

    public static object Facts(Receipt r) => new { r.Audience, r.Accepted, r.Refused, r.Excluded, r.Unknown, r.Waiting, r.Deferred, r.Sending };

    /// <summary>The six numbers of the sample run's last line: they add up, or it fails.</summary>
    public static object Sum(Receipt r) => new { r.Audience, r.Accepted, r.Refused, r.Excluded, r.Unknown, r.Waiting };
}
