using SmaKom.Mailer.Mail;

namespace SmaKom.Mailer.Bounces.Reading;

/// <summary>
/// The fields of a delivery report (RFC 3464 §2) or a feedback report (RFC 5965 §3), read as they are found: with spaces before the colon, without
/// the empty line between mail and recipient, or in the midst of a text.
/// </summary>
internal sealed class StatusFields
{
    private readonly List<KeyValuePair<string, string>> _fields = [];

    public static bool IsIn(string text) =>
        Lines(text).Select(Field).Count(field => field is { Key: "final-recipient" or "action" or "status" }) >= 2;

    /// <summary>A group a recipient; what is said of the whole mail is not among them.</summary>
    public static IReadOnlyList<StatusFields> Recipients(string text, CancellationToken ct)
    {
        var (groups, group) = (new List<StatusFields>(), new StatusFields());
        foreach (var line in Lines(text))
        {
            ct.ThrowIfCancellationRequested();
            if (string.IsNullOrWhiteSpace(line))
            {
                if (group.IsWhole) groups.Add(Take(ref group));
                continue;
            }

            if (char.IsWhiteSpace(line[0]) && group._fields.Count > 0)
            {
                var last = group._fields[^1];
                if (last.Value.Length < PlainWords.MaxRead) group._fields[^1] = new(last.Key, last.Value + " " + line.Trim());
            }
            else if (Field(line) is { } field)
            {
                if (group.IsWhole && field.Key is "final-recipient" or "action" && group[field.Key] is not null) groups.Add(Take(ref group));
                group._fields.Add(field);
            }
        }

        if (group.IsWhole || group["action"] is not null && group["final-recipient"] is not null) groups.Add(group);
        return groups;
    }

    /// <summary>All fields of a text as one group.</summary>
    public static StatusFields All(string text)
    {
        var group = new StatusFields();
        foreach (var line in Lines(text))
            if (Field(line) is { } field) group._fields.Add(field);
        return group;
    }

    public string? this[string name]
    {
        get
        {
            foreach (var one in _fields)
                if (one.Key == name) return one.Value;
            return null;
        }
    }

    public IEnumerable<string> Every(string name) => _fields.Where(field => field.Key == name).Select(field => field.Value);

    /// <summary>"rfc822; anna@example.org" is the part behind the type; null: none, or nothing that could be an address.</summary>
    public string? Address(string name)
    {
        if (this[name] is not { } value) return null;
        var address = value[(value.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>', '"', ' ');
        return address.Length is > 0 and <= 320 && !address.Contains(' ', StringComparison.Ordinal) ? UnicodeText.WellFormed(address) : null;
    }

    private bool IsWhole => _fields.Exists(one => one.Key is "final-recipient" or "original-recipient")
                            && _fields.Exists(one => one.Key is "action" or "status");

    private static StatusFields Take(ref StatusFields group)
    {
        var whole = group;
        group = new();
        return whole;
    }

    private static IEnumerable<string> Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static KeyValuePair<string, string>? Field(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon is < 2 or > 60) return null;
        var name = line[..colon].TrimEnd();
        foreach (var letter in name)
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')) return null;
        return new(name.ToLowerInvariant(), line[(colon + 1)..].Trim());
    }
}
