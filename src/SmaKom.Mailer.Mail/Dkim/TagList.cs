namespace SmaKom.Mailer.Mail.Dkim;

/// <summary>A <c>name=value;</c> list as in signatures and key records (RFC 6376 §3.2).</summary>
internal sealed class TagList
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);

    public string? this[string name] => _tags.GetValueOrDefault(name);

    /// <summary>Null when the text is no tag list, or names a tag twice.</summary>
    public static TagList? Parse(string text)
    {
        var list = new TagList();
        foreach (var part in text.TrimEnd().TrimEnd(';').Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !list._tags.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
                return null;
        }
        return list;
    }

    /// <summary>The value without white space, as base64 and lists may be folded.</summary>
    public string? Compact(string name) => this[name] is { } value ? string.Concat(value.Where(c => !char.IsWhiteSpace(c))) : null;
}
