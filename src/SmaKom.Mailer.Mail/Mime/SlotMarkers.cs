using System.Security.Cryptography;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>
/// Names the places of a letter that are filled in per person. A marker is only ASCII letters and digits, so it comes unharmed
/// through HTML and URL encoding and Markdown; the nonce keeps a text that somebody wrote from passing as a marker.
/// </summary>
public sealed class SlotMarkers
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private readonly string _prefix;
    private readonly string _suffix;

    /// <param name="nonce">1–64 ASCII letters and digits that occur nowhere in the letter's own text.</param>
    /// <exception cref="MimeException">The nonce has other characters.</exception>
    public SlotMarkers(string nonce)
    {
        CheckName("nonce", nonce);
        _prefix = $"slot{nonce}x";
        _suffix = $"x{nonce}end";
    }

    /// <summary>The marker text of a slot whose name is 1–64 ASCII letters and digits.</summary>
    public string this[string slot]
    {
        get
        {
            CheckName("slot", slot);
            return _prefix + slot + _suffix;
        }
    }

    public static SlotMarkers Random() => new(RandomNumberGenerator.GetString(Alphabet, 20));

    internal static void CheckName(string field, string name)
    {
        if (name.Length is 0 or > 64 || !name.All(char.IsAsciiLetterOrDigit))
            throw new MimeException(field, $"“{name}” must be 1–64 ASCII letters and digits");
    }

    internal bool OccurIn(string text) => text.Contains(_prefix, StringComparison.Ordinal);

    /// <summary>Cuts a text at its markers: each literal stretch is followed by the slot named there, the last by null.</summary>
    internal IEnumerable<(string Literal, string? Slot)> Split(string field, string text)
    {
        var from = 0;
        while (text.IndexOf(_prefix, from, StringComparison.Ordinal) is var at and >= 0)
        {
            var name = at + _prefix.Length;
            var end = text.IndexOf(_suffix, name, StringComparison.Ordinal);
            if (end < 0)
                throw new MimeException(field, "a slot marker has been cut in two");
            yield return (text[from..at], text[name..end]);
            from = end + _suffix.Length;
        }
        yield return (text[from..], null);
    }
}
