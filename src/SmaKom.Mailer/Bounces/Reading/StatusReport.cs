namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>A report with fields for machines (RFC 3464), read with the text beside them: it often says what they leave out.</summary>
internal static class StatusReport
{
    public static readonly Judgement StillTried = new(BounceClass.NotABounce, false, "still tried", false);
    private static readonly Judgement Arrived = new(BounceClass.NotABounce, false, "arrived", false);

    /// <param name="said">The text for people.</param>
    public static (ReturnKind, IReadOnlyList<ReturnedRecipient>) Read(IReadOnlyList<StatusFields> groups, string said, CancellationToken ct)
    {
        // What Sendmail writes itself calls each refusal "User unknown": where it quotes the other side, that alone counts.
        var text = TextRecipients.HasQuotes(said) ? [] : TextRecipients.In(said, ct);
        var read = groups.Select(group => (Kind: KindOf(group, said), Group: group)).ToList();
        // What failed outweighs what is still tried, and that what arrived.
        var kind = read.Min(one => one.Kind);
        // Where an address is expanded to others, some servers report it once for each.
        return (kind, [.. read.Select(one => Recipient(one.Kind, one.Group, groups.Count == 1 ? said : "", text))
            .DistinctBy(one => (one.Address?.ToLowerInvariant(), one.Class))]);
    }

    private static ReturnKind KindOf(StatusFields group, string said) => Word(group["action"]) switch
    {
        "delayed" => ReturnKind.Delayed,
        "delivered" or "relayed" or "expanded" or "deliverable" or "deliverable-mailbox" => ReturnKind.Delivered,
        "failed" or "failure" => ReturnKind.Bounce,
        _ => SaidCodes.Status(group["status"]) switch
        {
            { Class: 2 } => ReturnKind.Delivered,
            { Class: 4 } when KindMarks.Has("delayed", "text", PlainWords.Of(said)) => ReturnKind.Delayed,
            _ => ReturnKind.Bounce,
        },
    };

    private static ReturnedRecipient Recipient(ReturnKind kind, StatusFields group, string said, IReadOnlyList<(string Address, string Words)> text)
    {
        var address = group.Address("final-recipient") ?? group.Address("original-recipient");
        var status = SaidCodes.Status(group["status"]);
        var words = Diagnostic(group);
        var own = string.Join(' ', text.Where(one => address is not null && Same(one.Address, address) || said.Length > 0).Select(one => one.Words));
        var judgement = kind switch
        {
            ReturnKind.Delayed => StillTried,
            ReturnKind.Delivered => Arrived,
            _ => Judge(group, words, own, said),
        };
        return ReturnReader.Recipient(address, judgement, status, null, words.Length > 0 ? words : own);
    }

    private static Judgement Judge(StatusFields group, string words, string own, string said)
    {
        var field = SaidCodes.Status(group["status"]);
        var first = Judgement.Of(field, null, words, isOfReport: true);
        // A code that names our fault is not made a person's by what a program writes around it.
        if (first.IsByWords || first.Class == BounceClass.Ours) return first;
        var codes = SaidCodes.In(words);
        foreach (var more in (string[])[Comment(group["status"]), TextRecipients.Replies(said), own, TextRecipients.HasQuotes(said) ? "" : said])
        {
            var inText = SaidCodes.In(more);
            if (Judgement.ByWords(codes.Status ?? inText.Status ?? field, codes.Code ?? inText.Code, more) is { } byText) return byText;
        }

        return first;
    }

    /// <summary>Without the type before it: "smtp; 550 …".</summary>
    private static string Diagnostic(StatusFields group)
    {
        var field = group["diagnostic-code"] ?? "";
        var semicolon = field.IndexOf(';', StringComparison.Ordinal);
        return semicolon is > 0 and < 40 && !field.AsSpan(0, semicolon).Trim().Contains(' ') ? field[(semicolon + 1)..].Trim() : field;
    }

    /// <summary>"mailbox disabled" in "5.2.1 (mailbox disabled)".</summary>
    private static string Comment(string? status)
    {
        var open = status?.IndexOf('(', StringComparison.Ordinal) ?? -1;
        return open < 0 ? "" : status![(open + 1)..].TrimEnd(')', ' ');
    }

    private static string Word(string? field) => field is null ? "" : field.Split([' ', '('], 2)[0].Trim().ToLowerInvariant();

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
