using System.Globalization;

namespace SmaKom.Mailer.Privacy.Erasure;

/// <summary>The ways in which one address is written: its domain in A-labels or in its own letters (RFC 5890 §2.3.2.1), in lower case.</summary>
internal static class Spellings
{
    /// <param name="key">As <see cref="Mail.Smtp.EmailAddress.Key"/>.</param>
    public static IEnumerable<string> Of(string key)
    {
        yield return key;
        var at = key.LastIndexOf('@') + 1;
        if (!key.AsSpan(at).Contains("xn--", StringComparison.Ordinal)) yield break;
        yield return string.Concat(key.AsSpan(0, at), InOwnLetters(key[at..]));
    }

    private static string InOwnLetters(string domain)
    {
        try
        {
            return new IdnMapping().GetUnicode(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }
}
