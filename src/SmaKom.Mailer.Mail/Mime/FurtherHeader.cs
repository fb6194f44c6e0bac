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
            "Received"];

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
            if (HeaderText.IsPrintableAscii(words[i]) && !words[i].StartsWith("=?", StringComparison.Ordinal))
                column = WritePlainWord(name, words[i], isFirst: i == 0, column, slots, output);
            else
                column = WriteEncodedRun(name, words, ref i, column, output);
        }
        output.Write("\r\n");
    }

    private static int WritePlainWord(string name, string word, bool isFirst, int column, SlotTable slots, GappedBytes output)
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

    /// <summary>
    /// Words outside ASCII that follow each other are encoded together: the space between two encoded-words is not shown (RFC 2047 §6.2).
    /// </summary>
    private static int WriteEncodedRun(string name, string[] words, ref int i, int column, GappedBytes output)
    {
        var first = i;
        while (i + 1 < words.Length && !HeaderText.IsPrintableAscii(words[i + 1]))
            i++;
        var run = string.Join(' ', words[first..(i + 1)]);
        if (run.AsSpan().IndexOfAny("<>@\"(),:;") >= 0)
            throw new MimeException(name, $"has “{run}”, where only plain ASCII is allowed (RFC 2047 §5)");
        var fold = column + 1 + HeaderWriter.NarrowestEncodedWord > HeaderWriter.EncodedLineWidth;
        output.Write(fold ? "\r\n " : " ");
        var writer = new HeaderWriter(output.Bytes.GetSpan(HeaderWriter.MaxLength(run.Length)), fold ? 1 : column + 1);
        writer.EncodedWords(run);
        output.Bytes.Advance(writer.Written);
        return writer.Column;
    }
}
