using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Reads an address list (RFC 5322 §3.4) as far as it makes sense: names, quoted names, comments, groups.</summary>
internal static class AddressReader
{
    public static IReadOnlyList<ReadAddress> Read(string? raw)
    {
        var found = new List<ReadAddress>();
        foreach (var entry in Split(raw ?? ""))
        {
            if (ReadOne(entry) is { Address.Length: > 0 } address)
                found.Add(address);
        }
        return found;
    }

    private static ReadAddress ReadOne(string entry)
    {
        var open = LastOutsideQuotes(entry, '<');
        if (open < 0)
        {
            var bare = WithoutComments(entry, out var comment).Trim();
            return new ReadAddress(Name(comment), bare);
        }
        var close = entry.IndexOf('>', open);
        var address = entry[(open + 1)..(close < 0 ? entry.Length : close)].Trim();
        return new ReadAddress(Name(Unquote(WithoutComments(entry[..open], out _).Trim())), address);
    }

    private static string? Name(string text) => EncodedWordReader.Decode(text).Trim() is { Length: > 0 } name ? name : null;

    /// <summary>Cuts at commas and semicolons outside quotes, comments and angle brackets; drops a group's name.</summary>
    private static IEnumerable<string> Split(string raw)
    {
        var entry = new StringBuilder();
        var (quoted, comment, angle) = (false, 0, false);
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            var outside = !quoted && comment == 0 && !angle;
            if (outside && c is ',' or ';' or ':')
            {
                if (c != ':')
                    yield return entry.ToString();
                entry.Clear();
                continue;
            }
            entry.Append(c);
            if (c == '\\' && (quoted || comment > 0) && i + 1 < raw.Length)
                entry.Append(raw[++i]);
            else if (c == '"' && comment == 0)
                quoted = !quoted;
            else if (!quoted)
                (comment, angle) = (Depth(comment, c), c == '<' || (angle && c != '>'));
        }
        yield return entry.ToString();
    }

    private static int Depth(int comment, char c) => c switch
    {
        '(' => comment + 1,
        ')' when comment > 0 => comment - 1,
        _ => comment,
    };

    private static int LastOutsideQuotes(string text, char wanted)
    {
        var (last, quoted) = (-1, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == wanted && !quoted)
                last = i;
        }
        return last;
    }

    private static string WithoutComments(string text, out string comment)
    {
        var (kept, dropped, depth, quoted) = (new StringBuilder(), new StringBuilder(), 0, false);
        foreach (var c in text)
        {
            if (c == '"' && depth == 0)
                quoted = !quoted;
            var before = depth;
            if (!quoted)
                depth = Depth(depth, c);
            if (before == 0 && depth == 0)
                kept.Append(c);
            else if (before > 0 && depth > 0)
                dropped.Append(c);
        }
        comment = dropped.ToString();
        return kept.ToString();
    }

    private static string Unquote(string text)
    {
        if (!text.Contains('"', StringComparison.Ordinal))
            return text;
        var output = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                output.Append(text[++i]);
            else if (text[i] != '"')
                output.Append(text[i]);
        }
        return output.ToString();
    }
}
