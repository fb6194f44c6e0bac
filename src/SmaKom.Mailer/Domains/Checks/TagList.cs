namespace SmaKom.Mailer.Domains.Checks;

/// <summary>Tags as <c>v=DMARC1; p=none</c> (RFC 6376 §3.2), which DKIM's keys and DMARC's policies are written in.</summary>
internal static class TagList
{
    /// <summary>In their order, names in lower case; null: it is no such list, or a tag stands twice.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Parse(string text)
    {
        var tags = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, var value]) return null;
            name = name.ToLowerInvariant();
            if (tags.Exists(tag => tag.Key == name)) return null;
            tags.Add(new(name, value));
        }

        return tags;
    }
}
