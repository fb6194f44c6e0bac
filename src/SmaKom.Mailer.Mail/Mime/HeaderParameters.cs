using System.Globalization;
using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>A value with parameters, as in Content-Type (RFC 2045 §5.1), including split and encoded ones (RFC 2231).</summary>
internal sealed record HeaderParameters(string Value, IReadOnlyDictionary<string, string> Parameters)
{
    public static HeaderParameters Read(string? raw)
    {
        var pieces = Split(raw ?? "");
        var plain = new Dictionary<string, string>(StringComparer.Ordinal);
        var split = new SortedDictionary<(string Name, int Index), (string Text, bool Encoded)>();
        foreach (var piece in pieces.Skip(1))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                continue;
            var name = piece[..equals].Trim().ToLowerInvariant();
            var value = Unquote(piece[(equals + 1)..].Trim());
            var star = name.IndexOf('*', StringComparison.Ordinal);
            if (star < 0)
                plain.TryAdd(name, EncodedWordReader.Decode(value));
            else if (int.TryParse(name[(star + 1)..].TrimEnd('*') is { Length: > 0 } n ? n : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                split.TryAdd((name[..star], index), (value, name.EndsWith('*')));
        }
        foreach (var group in split.GroupBy(entry => entry.Key.Name, StringComparer.Ordinal))
            plain[group.Key] = Join(group.Select(entry => entry.Value));
        return new HeaderParameters(pieces[0].Trim().ToLowerInvariant(), plain);
    }

    /// <summary>RFC 2231 §4: <c>charset'language'percent-encoded</c>, the prefix on the first piece only.</summary>
    private static string Join(IEnumerable<(string Text, bool Encoded)> pieces)
    {
        string? charset = null;
        var octets = new List<byte>();
        foreach (var (text, encoded) in pieces)
        {
            var rest = text;
            if (encoded && charset is null && text.Split('\'', 3) is [var named, _, var value])
                (charset, rest) = (named, value);
            octets.AddRange(encoded ? PercentDecode(rest) : Encoding.UTF8.GetBytes(rest));
        }
        return Charsets.Decode(charset, octets.ToArray());
    }

    private static byte[] PercentDecode(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var count = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            var coded = octets[i] == '%' && i + 2 < octets.Length
                && byte.TryParse(octets.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octets[count]);
            if (coded)
                i += 2;
            else
                octets[count] = octets[i];
            count++;
        }
        return octets[..count];
    }

    private static List<string> Split(string raw)
    {
        var pieces = new List<string>();
        var from = 0;
        var quoted = false;
        for (var i = 0; i < raw.Length; i++)
        {
            if (quoted && raw[i] == '\\')
                i++;
            else if (raw[i] == '"')
                quoted = !quoted;
            else if (raw[i] == ';' && !quoted)
            {
                pieces.Add(raw[from..i]);
                from = i + 1;
            }
        }
        pieces.Add(raw[from..]);
        return pieces;
    }

    private static string Unquote(string value)
    {
        if (value.Length == 0 || value[0] != '"')
            return value.Split(' ', '(')[0];
        var output = new StringBuilder();
        for (var i = 1; i < value.Length && value[i] != '"'; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            output.Append(value[i]);
        }
        return output.ToString();
    }
}
