using System.Text;

namespace SmaKom.Mailer.Mail.Mime;

/// <summary>Octets to text, whatever the label says.</summary>
internal static class Charsets
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>By the named charset; without one, or with ASCII or UTF-8 that turns out to be neither: UTF-8, else Windows-1252.</summary>
    public static string Decode(string? charset, ReadOnlySpan<byte> octets)
    {
        if (Find(charset) is { } encoding)
            return encoding.GetString(octets);
        try
        {
            return StrictUtf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return Windows1252.GetString(octets);
        }
    }

    private static Encoding? Find(string? charset)
    {
        var name = charset?.Trim().ToLowerInvariant();
        if (name is null or "" or "utf-8" or "utf8" or "us-ascii" or "ascii" or "utf-7")
            return null;
        // Mail labelled Latin-1 is Windows-1252 in practice, as browsers treat it too (WHATWG Encoding §4.2).
        if (name is "iso-8859-1" or "latin1" or "windows-1252")
            return Windows1252;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
