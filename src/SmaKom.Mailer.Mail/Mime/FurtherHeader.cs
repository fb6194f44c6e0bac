namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Writes one of the draft's own headers. It is folded only where it has a space; a token's length is not known yet, so a fixed
/// width is assumed for folding and the longest allowed one for the hard limit of 998 (RFC 5322 §2.1.1).
/// </summary>
internal static class FurtherHeader
{
    private const int AssumedTokenWidth = 44;
    private const int HardLineWidth = 998;
    private static readonly string[] Reserved =
        ["From", "Sender", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "DKIM-Signature", "Return-Path",
            "Received", "List-Id"];

    public static void CheckName(string name)
    {
        if (!HeaderText.IsFieldName(name))
            throw new MimeException(name.Length == 0 ? "header" : $"header “{name}”", "is no header name (RFC 5322 §3.6.8)");
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            throw new MimeException(name, "is written by the letter itself and cannot be given again");
    }

    public static void Write(string name, string value, SlotTable slots, GappedBytes output)
    {
        var words = HeaderText.Guard(name, value).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new MimeException(name, "is empty");
        output.Write(name).Write(":");
        var column = name.Length + 1;
        for (var i = 0; i < words.Length; i++)
        {
            if (!HeaderText.IsPrintableAscii(words[i]))
                throw new MimeException(name, $"has “{words[i]}”, where only plain ASCII is allowed");
            column = WriteWord(name, words[i], isFirst: i == 0, column, slots, output);
        }
        output.Write("\r\n");
    }

    private static int WriteWord(string name, string word, bool isFirst, int column, SlotTable slots, GappedBytes output)
    {
        var pieces = slots.Split(name, word).ToList();
        var tokens = pieces.Count(piece => piece.Slot >= 0);
        var literal = pieces.Sum(piece => piece.Literal.Length);
        if (name.Length + 2 + literal + (tokens * LetterTemplate.MaxTokenLength) > HardLineWidth)
            throw new MimeException(name, $"has a word that can grow past {HardLineWidth} characters and cannot be folded");

        var width = 1 + literal + (tokens * AssumedTokenWidth);
        var fold = !isFirst && column + width > HeaderWriter.LineWidth;
        output.Write(fold ? "\r\n " : " ");
        foreach (var piece in pieces)
        {
            output.Write(piece.Literal);
            if (piece.Slot < 0)
                continue;
            if (piece.Kind != SlotKind.Token)
                throw new MimeException(name, "holds a text slot; only tokens may stand in a header");
            output.Leave(GapKind.HeaderToken, piece.Slot);
        }
        return (fold ? 0 : column) + width;
    }
}
